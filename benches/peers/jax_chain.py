"""The shipped chain in JAX: jit, float64, one core, blocks of lanes one after another."""

import functools
import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")
# one core; the second flag is read where the first is: both belong to XLA
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import numpy as np

import peer
import plant
from arithmetic import least, minus, over
from by_hand import Study

jax.config.update("jax_enable_x64", True)

REACHED_WITHIN = 1e-14
BLOCKS = (512, 1024, 4096, 16384)
FULLY_DRAWN, DEMAND, FEED = range(len(plant.STOPS))


def study(addresses, lanes):
    """The chain with the addresses varying."""
    return Study({**plant.defaults(), **dict(zip(addresses, lanes))}, jnp)


def straight_through(addresses, lanes):
    """Solves all lanes whose border is straight or not full; gives their results, and what says
    which are not solved."""
    s = study(addresses, lanes)
    base = s.flows(s.first_offered, 0.0, s.looked_at)
    too_much = jnp.maximum(minus(s.border(base), s.wanted), minus(base.arriving, s.feed))
    by_feed = over(minus(s.feed, base.arriving), s.second.arriving)
    second = least(jnp, s.second_offered, by_feed)
    stop = jnp.where(second < s.second_offered, FEED, FULLY_DRAWN)
    extra = [jnp.max(too_much)]
    if s.straight:
        by_demand = s.reached(base)
        stop = jnp.where(by_demand < second, DEMAND, stop)
        second = least(jnp, second, by_demand)
    else:
        seen = s.border(s.flows(s.first_offered, second, s.looked_at))
        extra += [second, seen > s.wanted]
    return (*s.results(s.first_offered, second), stop.astype(float)), tuple(extra)


def to_the_border(addresses, lanes):
    """Solves lanes that the border's demand stops: Newton steps until every lane is there."""
    *lanes, start = lanes
    s = study(addresses, lanes)

    def seen(second):
        return s.border(s.flows(s.first_offered, second, s.looked_at))

    def step(state):
        second, _ = state
        value, slope = jax.jvp(seen, (second,), (jnp.ones_like(second),))
        off = value - s.wanted
        far = jnp.abs(off) > REACHED_WITHIN * s.wanted
        return jnp.where(far, second - off / slope, second), jnp.any(far)

    second, _ = jax.lax.while_loop(lambda state: state[1], step, (start, jnp.array(True)))
    return s.results(s.first_offered, second)


class Chain:
    """The chain with some addresses varying, for blocks of so many lanes."""

    def __init__(self, addresses, block):
        self.block = block

        def first(inputs):
            return jax.lax.map(lambda lanes: straight_through(addresses, lanes), inputs)

        # the results may be written over: they are the same ones, a few lanes excepted
        @functools.partial(jax.jit, donate_argnums=0)
        def rest(results, inputs, start, places):
            # lanes that are left are few: gathered, and solved in blocks of their own
            gathered = tuple(
                row.reshape(-1)[places].reshape(-1, self.block) for row in (*inputs, start)
            )
            solved = jax.lax.map(lambda lanes: to_the_border(addresses, lanes), gathered)
            stop = jnp.full(places.shape, DEMAND, float)
            return tuple(
                row.reshape(-1).at[places].set(new.reshape(-1)).reshape(row.shape)
                for row, new in zip(results, (*solved, stop))
            )

        self.first, self.rest = jax.jit(first), rest

    def put(self, inputs):
        """Inputs as arrays of the library, in blocks."""
        return tuple(jnp.asarray(row.reshape(-1, self.block)) for row in inputs)

    def take(self, results):
        """Results as arrays of NumPy."""
        return np.array([np.asarray(row).ravel() for row in results])

    def run(self, inputs):
        """Works out everything."""
        results, (too_much, *curved) = self.first(inputs)
        if np.asarray(too_much).max() > 0.0:
            raise SystemExit("chayanda alone is stopped: no scenario between the axes does that")
        if curved:
            start, left = curved
            places = np.flatnonzero(np.asarray(left))
            if len(places):
                # as many as whole blocks hold: some lanes twice
                padded = np.resize(places, -(-len(places) // self.block) * self.block)
                results = self.rest(results, inputs, start, padded)
        return jax.block_until_ready(results)


if __name__ == "__main__":
    peer.main(Chain, BLOCKS)
