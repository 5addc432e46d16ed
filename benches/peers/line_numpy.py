"""The trunk line in NumPy: float64, calls recorded once, blocks of lanes sized to the caches.

A slope is carried beside each value, by the rules of differentiation written out: no second run, no
complex numbers.
"""

import math

import numpy as np

import line_peer
from arithmetic import Slope, Sloped
from line_equations import carry
from recorder import Recorder

BLOCKS = (512, 1024, 2048, 4096)


class Plain:
    """The functions of the equations, recorded. A float stays one."""

    def __init__(self, recorder):
        self.recorder = recorder

    def repeat(self, count, step, start):
        for _ in range(count):
            start = step(start)
        return start

    def each(self, rows, step, start):
        for row in rows:
            start = step(start, row)
        return start

    def settled(self, numbers):
        return numbers

    def constant(self, number, like):
        return number

    def exp(self, a):
        return math.exp(a) if isinstance(a, float) else self.recorder.exp(a)

    def log(self, a):
        return math.log(a) if isinstance(a, float) else self.recorder.log(a)

    def sqrt(self, a):
        return self.recorder.sqrt(a)

    def minimum(self, a, b):
        return self.recorder.minimum(a, b)


class WithSlopes(Sloped, Plain):
    """The same of numbers with slopes."""

    def minimum(self, a, b):
        return Slope.lesser(self.recorder, a, b)


class Line:
    """The line for blocks of so many lanes, with slopes or without."""

    def __init__(self, line, blends, block, sloped):
        self.block = block
        recorder = Recorder(2)
        first, second = recorder.inputs
        if sloped:
            fields = Slope(first, 0.0), Slope(second, second)
            found = carry(WithSlopes(recorder), line, blends, *fields)
            outputs = [one.value for one in found] + [one.slope for one in found]
        else:
            outputs = carry(Plain(recorder), line, blends, first, second)
        self.rows = len(outputs)
        self.program = recorder.program(outputs, block)
        self.operations = len(self.program.bound)

    def put(self, fields):
        """Memory for the outputs beside the inputs."""
        return fields, np.empty((self.rows, fields.shape[1]))

    def take(self, outputs):
        """The outputs are where they belong."""
        return outputs

    def run(self, put):
        """Works out everything."""
        fields, outputs = put
        for start in range(0, fields.shape[1], self.block):
            lanes = slice(start, start + self.block)
            self.program.run(list(fields[:, lanes]), list(outputs[:, lanes]))
        return outputs


if __name__ == "__main__":
    line_peer.main(Line, BLOCKS)
