"""The shipped chain in NumPy: float64, blocks of lanes sized to the caches, calls recorded once."""

import numpy as np

import peer
import plant
from arithmetic import least, minus, over
from by_hand import Study
from recorder import Recorder

# lanes that the border's demand stops, where what it sees is curved, are gathered and solved by
# themselves: Newton steps in one recorded program, run again until every lane is there
NEWTON_STEPS = 3
REACHED_WITHIN = 1e-14
BLOCKS = (4096, 8192, 16384)
FULLY_DRAWN, DEMAND, FEED = (float(place) for place in range(len(plant.STOPS)))


def study(addresses, recorder, lanes):
    """The chain with the addresses varying."""
    return Study({**plant.defaults(), **dict(zip(addresses, lanes))}, recorder)


def straight_through(addresses, block):
    """The program that solves all lanes whose border is straight or not full."""
    recorder = Recorder(len(addresses))
    s = study(addresses, recorder, recorder.inputs)
    base = s.flows(s.first_offered, 0.0, s.looked_at)
    too_much = recorder.maximum(minus(s.border(base), s.wanted), minus(base.arriving, s.feed))
    by_feed = over(minus(s.feed, base.arriving), s.second.arriving)
    second = least(recorder, s.second_offered, by_feed)
    stop = recorder.where(second < s.second_offered, FEED, FULLY_DRAWN)
    extra = [too_much]
    if s.straight:
        by_demand = s.reached(base)
        stop = recorder.where(by_demand < second, DEMAND, stop)
        second = least(recorder, second, by_demand)
    else:
        seen = s.border(s.flows(s.first_offered, second, s.looked_at))
        extra += [second, minus(seen, s.wanted)]
    return s, recorder.program([*s.results(s.first_offered, second), stop, *extra], block)


def to_the_border(addresses, block):
    """The program that takes lanes nearer to where the border is full."""
    recorder = Recorder(len(addresses) + 1)
    *lanes, second = recorder.inputs
    s = study(addresses, recorder, lanes)
    base = s.flows(s.first_offered, 0.0, s.looked_at)
    for _ in range(NEWTON_STEPS):
        seen = s.seen(base, second)
        second = second - (seen.value - s.wanted) / seen.slope
    seen = s.border(s.flows(s.first_offered, second, s.looked_at))
    off = (seen - s.wanted) / s.wanted
    return recorder.program([*s.results(s.first_offered, second), off, second], block)


class Chain:
    """The chain with some addresses varying, for blocks of so many lanes."""

    def __init__(self, addresses, block):
        s, self.program = straight_through(addresses, block)
        self.straight, self.block = s.straight, block
        self.operations = len(self.program.bound)
        self.extra = np.empty((1 if s.straight else 3, block))
        if not s.straight:
            self.newton = to_the_border(addresses, block)
            self.waiting, self.places = 0, np.empty(block, int)
            # zeros would be no scenarios
            self.pool = np.ones((len(addresses) + 1, block))
            self.solved = np.empty((len(plant.OUTPUTS) + 1, block))

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
            columns = list(inputs[:, start : start + self.block])
            self.program.run(columns, [*outputs[:, start : start + self.block], *self.extra])
            if self.extra[0].max() > 0.0:
                raise SystemExit("chayanda alone is stopped: no scenario between the axes does that")
            if not self.straight:
                self.gather(columns, start, outputs)
        if not self.straight and self.waiting:
            # a pool that is not full: copies of its first lane beside
            self.pool[:, self.waiting :] = self.pool[:, :1]
            self.solve_pool(outputs)
        return outputs

    def gather(self, columns, start, outputs):
        """Puts the lanes that see too much at the border by."""
        lanes = np.flatnonzero(self.extra[2] > 0.0)
        while len(lanes):
            taken, lanes = np.split(lanes, [self.block - self.waiting])
            to = slice(self.waiting, self.waiting + len(taken))
            for row, column in zip(self.pool, (*columns, self.extra[1])):
                row[to] = column[taken]
            self.places[to] = start + taken
            self.waiting += len(taken)
            if self.waiting == self.block:
                self.solve_pool(outputs)

    def solve_pool(self, outputs):
        """Solves the lanes put by."""
        while True:
            self.newton.run(list(self.pool), list(self.solved))
            if np.abs(self.solved[-2]).max() <= REACHED_WITHIN:
                break
            self.pool[-1] = self.solved[-1]
        places = self.places[: self.waiting]
        for row, solved in zip(outputs[: peer.STOPPED_BY], self.solved):
            row[places] = solved[: self.waiting]
        outputs[peer.STOPPED_BY, places] = DEMAND
        self.waiting = 0


if __name__ == "__main__":
    peer.main(Chain, BLOCKS)
