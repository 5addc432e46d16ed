"""The shipped chain in JAX, by the crate's own way along the openings."""

import jax_chain  # sets the library up
import jax
import jax.numpy as jnp
import numpy as np

import peer
import plant
import walk
from by_hand import Flows

BLOCKS = jax_chain.BLOCKS
STOPS = jnp.array([float("nan"), 1.0, 2.0, 0.0])


def along(study, base, forms, offered, spare):
    """How much of a supply is accepted, and what stopped it; there is nothing to find where
    something is to spare in any case."""

    def going(state):
        return jnp.any(state[1] == walk.GOING)

    def step(state):
        return walk.step(study, base, forms, offered, state[0])

    here = jnp.where(0.0 < spare, offered, 0.0)
    status = jnp.where(0.0 < spare, walk.FULLY_DRAWN, walk.GOING)
    return jax.lax.while_loop(going, step, (here, status))


def solve(addresses, lanes):
    """One block."""
    s = jax_chain.study(addresses, lanes)
    nothing = Flows(**{name: 0.0 for name in walk.names(s)})
    first, _ = along(s, nothing, s.first, s.first_offered, walk.spare(s))
    base = s.flows(first, 0.0, walk.names(s))
    nothing_known = jnp.full_like(lanes[0], -1.0)
    second, status = along(s, base, s.second, s.second_offered, nothing_known)
    return (*s.results(first, second), STOPS[status.astype(int)])


class Chain:
    """The chain with some addresses varying, for blocks of so many lanes."""

    def __init__(self, addresses, block):
        self.block = block
        self.solve = jax.jit(lambda rows: jax.lax.map(lambda one: solve(addresses, one), rows))

    def put(self, inputs):
        """Inputs as arrays of the library, in blocks."""
        return tuple(jnp.asarray(row.reshape(-1, self.block)) for row in inputs)

    def take(self, results):
        """Results as arrays of NumPy."""
        return np.array([np.asarray(row).ravel() for row in results])

    def run(self, inputs):
        """Works out everything."""
        return jax.block_until_ready(self.solve(inputs))


if __name__ == "__main__":
    peer.main(Chain, BLOCKS)
