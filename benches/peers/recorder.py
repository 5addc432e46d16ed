"""NumPy calls recorded once and replayed over blocks of scenarios, so that nothing but array work
is left in the loop: constants folded, equal operations done once, what nothing needs left out,
results written into a few buffers that are used again and again.
"""

import numpy as np


class Lane:
    """A number that varies from scenario to scenario, while calls are recorded."""

    def __init__(self, recorder, index):
        self.recorder, self.index = recorder, index

    def __add__(self, other):
        return self.recorder.record(np.add, self, other)

    def __sub__(self, other):
        return self.recorder.record(np.subtract, self, other)

    def __rsub__(self, other):
        return self.recorder.record(np.subtract, other, self)

    def __mul__(self, other):
        return self.recorder.record(np.multiply, self, other)

    def __truediv__(self, other):
        return self.recorder.record(np.divide, self, other)

    def __rtruediv__(self, other):
        return self.recorder.record(np.divide, other, self)

    def __lt__(self, other):
        return self.recorder.record(np.less, self, other)

    def __le__(self, other):
        return self.recorder.record(np.less_equal, self, other)

    def __gt__(self, other):
        return self.recorder.record(np.less, other, self)

    def __ge__(self, other):
        return self.recorder.record(np.less_equal, other, self)

    __radd__, __rmul__ = __add__, __mul__


def select(condition, chosen, otherwise, out):
    """`chosen` where the condition holds, `otherwise` elsewhere."""
    np.copyto(out, otherwise)
    np.copyto(out, chosen, where=condition)


class Recorder:
    """Records calls, under the names that by_hand.py knows a library's functions by."""

    def __init__(self, inputs):
        self.calls, self.known = [None] * inputs, {}
        self.inputs = [Lane(self, index) for index in range(inputs)]

    def record(self, function, *arguments):
        if not all(isinstance(argument, (Lane, float)) for argument in arguments):
            return NotImplemented
        key = (function, *(a.index if isinstance(a, Lane) else a for a in arguments))
        if function in (np.add, np.multiply, np.minimum, np.maximum):
            key = (function, *sorted(key[1:], key=lambda a: (isinstance(a, float), a)))
        if key not in self.known:
            self.known[key] = len(self.calls)
            self.calls.append(key)
        return Lane(self, self.known[key])

    def minimum(self, a, b):
        return self.record(np.minimum, a, b)

    def maximum(self, a, b):
        return self.record(np.maximum, a, b)

    def where(self, condition, a, b):
        return self.record(select, condition, a, b)

    def exp(self, a):
        return self.record(np.exp, a)

    def log(self, a):
        return self.record(np.log, a)

    def sqrt(self, a):
        return self.record(np.sqrt, a)

    def program(self, outputs, block):
        """The calls that the outputs need, for blocks of so many lanes."""
        return self.program_of([lane.index for lane in outputs], block)

    def program_of(self, outputs, block):
        """As `program`, of outputs by their places among the calls."""
        return Program(self, outputs, block)

    def split(self, outputs, changing, block):
        """What does not depend on an input that changes from round to round, by its places among
        the calls, and the program of the rest: it reads those and that input."""
        outputs, changes = [lane.index for lane in outputs], {changing.index}
        for index in range(len(self.inputs), len(self.calls)):
            if any(isinstance(a, int) and a in changes for a in self.calls[index][1:]):
                changes.add(index)
        inside, kept, waiting = set(), set(), list(outputs)
        while waiting:
            index = waiting.pop()
            if index not in changes:
                kept.add(index)
            elif index not in inside and index != changing.index:
                inside.add(index)
                waiting += [a for a in self.calls[index][1:] if isinstance(a, int)]
        kept = sorted(kept)
        rest = Recorder(len(kept) + 1)
        places = {index: place for place, index in enumerate([*kept, changing.index])}
        for index in sorted(inside):
            function, *arguments = self.calls[index]
            places[index] = len(rest.calls)
            moved = (places[a] if isinstance(a, int) else a for a in arguments)
            rest.calls.append((function, *moved))
        return kept, rest.program_of([places[index] for index in outputs], block)


class Program:
    """Recorded calls, their buffers allotted."""

    def __init__(self, recorder, outputs, block):
        calls, self.block = recorder.calls, block
        self.inputs = [lane.index for lane in recorder.inputs]
        self.outputs = outputs
        last_use = {index: len(calls) for index in outputs}
        for index in reversed(range(len(self.inputs), len(calls))):
            if index in last_use:
                for argument in calls[index][1:]:
                    if isinstance(argument, int):
                        last_use.setdefault(argument, index)
        self.registers = [None] * len(self.inputs)
        place, free = {index: index for index in self.inputs}, {bool: [], float: []}
        self.bound = []
        for index in range(len(self.inputs), len(calls)):
            if index not in last_use:
                continue
            function, *arguments = calls[index]
            kind = bool if function in (np.less, np.less_equal) else float
            if index in outputs:
                place[index] = self.register(None)  # the caller's own memory
            elif free[kind]:
                place[index] = free[kind].pop()
            else:
                place[index] = self.register(np.empty(block, kind))
            where = [
                place[a] if isinstance(a, int) else self.register(np.array(a)) for a in arguments
            ]
            self.bound.append((function, *where, place[index]))
            for argument in {a for a in arguments if isinstance(a, int)}:
                if last_use[argument] == index and argument >= len(self.inputs):
                    buffer = self.registers[place[argument]]
                    free[bool if buffer.dtype == bool else float].append(place[argument])
        self.output_places = []
        for index in outputs:
            if index in self.inputs or place[index] in self.output_places:
                # an input, or an output for the second time: copied (the larger of equals)
                self.output_places.append(self.register(None))
                self.bound.append((np.maximum, place[index], place[index], self.output_places[-1]))
            else:
                self.output_places.append(place[index])

    def register(self, buffer):
        self.registers.append(buffer)
        return len(self.registers) - 1

    def run(self, inputs, outputs):
        """Runs one block: arrays in, arrays to write to."""
        registers = self.registers
        registers[: len(inputs)] = inputs
        for place, output in zip(self.output_places, outputs):
            registers[place] = output
        for call in self.bound:
            if len(call) == 4:
                function, a, b, out = call
                function(registers[a], registers[b], registers[out])
            elif len(call) == 3:
                function, a, out = call
                function(registers[a], registers[out])
            else:
                function, a, b, c, out = call
                function(registers[a], registers[b], registers[c], registers[out])
