"""The shipped chain in NumPy, stage by stage, with the operating rule run over the stages."""

import numpy as np

import peer
import plant
import stages
import walk
from numpy_walk import MOST_STEPS, STOPS
from recorder import Recorder

BLOCKS = (2048, 4096, 8192)


class Loop:
    """Rounds along one supply. What does not change from round to round is worked out before."""

    def __init__(self, recorder, outputs, here, block):
        kept, self.inside = recorder.split(outputs, here, block)
        self.given = [index for index in kept if index < len(recorder.inputs)]
        computed = [index for index in kept if index >= len(recorder.inputs)]
        self.before = recorder.program_of(computed, block)
        self.buffers = list(np.empty((len(computed), block)))
        self.there, self.block = np.empty(block), block

    def run(self, inputs, here, status):
        """Opens the supply until every lane is stopped."""
        self.before.run(inputs, self.buffers)
        kept = [*(inputs[index] for index in self.given), *self.buffers]
        here.fill(0.0)
        for _ in range(MOST_STEPS):
            self.inside.run([*kept, here], [self.there, status])
            np.copyto(here, self.there)
            if status.min() > walk.GOING:
                return
        raise SystemExit("the rounds do not end")


class Chain:
    """The chain with some addresses varying, for blocks of so many lanes."""

    def __init__(self, addresses, block):
        self.block = block
        self.loops = [self.loop(addresses, block, second) for second in (False, True)]
        recorder, chain, first, second = self.recorded(addresses)
        self.after = recorder.program(chain.results(first, second), block)
        self.spare = recorder.program([chain.spare()], block)
        self.openings, self.status = np.empty((2, block)), np.empty(block)

    @staticmethod
    def recorded(addresses):
        """The chain on a recorder whose inputs are what varies and both openings."""
        recorder = Recorder(len(addresses) + 2)
        *lanes, first, second = recorder.inputs
        values = {**plant.defaults(), **dict(zip(addresses, lanes))}
        return recorder, stages.Chain(values, recorder), first, second

    def loop(self, addresses, block, of_second):
        """The rounds along one of the supplies."""
        recorder, chain, first, second = self.recorded(addresses)
        if of_second:
            outputs = chain.step((chain.chayanda(first),), chain.kovykta, second)
            return Loop(recorder, outputs, second, block)
        return Loop(recorder, chain.step((), chain.chayanda, first), first, block)

    def put(self, inputs):
        """Memory for the outputs beside the inputs."""
        return inputs, np.empty((len(plant.OUTPUTS), inputs.shape[1]))

    def take(self, outputs):
        """The outputs are where they belong."""
        return outputs

    def run(self, put):
        """Works out everything."""
        inputs, outputs = put
        for start in range(0, inputs.shape[1], self.block):
            cut = slice(start, start + self.block)
            # a supply that is shut has no shares, and what does not rise no crossing
            with np.errstate(all="ignore"):
                self.block_of([*inputs[:, cut], *self.openings], outputs, cut)
        return outputs

    def block_of(self, inputs, outputs, cut):
        """Works out one block."""
        self.spare.run(inputs, [self.status])
        first, second = self.openings
        if self.status.min() > 0.0:
            first.fill(1.0)
        else:
            self.loops[0].run(inputs, first, self.status)
        self.loops[1].run(inputs, second, self.status)
        self.after.run(inputs, list(outputs[: peer.STOPPED_BY, cut]))
        outputs[peer.STOPPED_BY, cut] = STOPS[self.status.astype(int)]


if __name__ == "__main__":
    peer.main(Chain, BLOCKS)
