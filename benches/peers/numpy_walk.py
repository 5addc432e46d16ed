"""The shipped chain in NumPy, by the crate's own way along the openings."""

import copy

import numpy as np

import numpy_chain
import peer
import plant
import walk
from arithmetic import plus
from by_hand import Flows
from recorder import Lane, Recorder

BLOCKS = numpy_chain.BLOCKS
STOPS = np.array([np.nan, numpy_chain.DEMAND, numpy_chain.FEED, numpy_chain.FULLY_DRAWN])
MOST_STEPS = 500


def varying(study):
    """Where the numbers of a study lie that vary: object and name."""
    return [
        (thing, name)
        for thing in (study, study.first, study.second)
        for name, number in vars(thing).items()
        if isinstance(number, Lane)
    ]


class Chain:
    """The chain with some addresses varying, for blocks of so many lanes.

    What does not follow from the openings is worked out once a block; a step along a supply reads
    it, and the opening, and writes the next one. Steps go on until all lanes of the block are done.
    """

    def __init__(self, addresses, block):
        self.block = block
        recorder = Recorder(len(addresses))
        study = numpy_chain.study(addresses, recorder, recorder.inputs)
        kept = varying(study)
        lanes = [getattr(thing, name) for thing, name in kept]
        self.before = recorder.program(lanes, block)
        offered = plus(recorder.inputs[0] * 0.0, study.first_offered)
        self.first = recorder.program([walk.spare(study), offered], block)
        self.kept = list(np.empty((len(lanes), block)))
        self.steps = [self.step_program(study, block, second) for second in (False, True)]
        recorder, twin, (first, second) = self.twin(study, 2)
        self.after = recorder.program([*twin.results(first, second)], block)
        self.openings, self.status = np.empty((2, block)), np.empty(block)

    @staticmethod
    def twin(study, more):
        """The study on a recorder of its own, whose inputs are what varies in it and more."""
        kept = varying(study)
        recorder = Recorder(len(kept) + more)
        twin = copy.copy(study)
        twin.xp, twin.first, twin.second = recorder, copy.copy(study.first), copy.copy(study.second)
        places = {id(study): twin, id(study.first): twin.first, id(study.second): twin.second}
        for (thing, name), lane in zip(kept, recorder.inputs):
            setattr(places[id(thing)], name, lane)
        return recorder, twin, recorder.inputs[len(kept) :]

    def step_program(self, study, block, second):
        """One step along a supply; reads the openings of both."""
        recorder, s, (first_here, second_here) = self.twin(study, 2)
        if second:
            base = s.flows(first_here, 0.0, walk.names(s))
            outputs = walk.step(s, base, s.second, s.second_offered, second_here)
        else:
            base = Flows(**{name: 0.0 for name in walk.names(s)})
            outputs = walk.step(s, base, s.first, s.first_offered, first_here)
        return recorder.program(outputs, block)

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
                self.block_of(inputs, outputs, cut)
        return outputs

    def block_of(self, inputs, outputs, cut):
        """Works out one block."""
        self.before.run(list(inputs[:, cut]), self.kept)
        self.openings.fill(0.0)
        self.first.run(list(inputs[:, cut]), [self.status, self.openings[0]])
        if self.status.min() <= 0.0:
            self.openings[0].fill(0.0)
            self.follow(self.steps[0], 0)
        self.follow(self.steps[1], 1)
        self.after.run([*self.kept, *self.openings], list(outputs[: peer.STOPPED_BY, cut]))
        outputs[peer.STOPPED_BY, cut] = STOPS[self.status.astype(int)]

    def follow(self, program, supply):
        """Steps along a supply."""
        there = np.empty(self.block)
        for _ in range(MOST_STEPS):
            program.run([*self.kept, *self.openings], [there, self.status])
            self.openings[supply] = there
            if self.status.min() > walk.GOING:
                return
        raise SystemExit("the walk does not end")


if __name__ == "__main__":
    peer.main(Chain, BLOCKS)
