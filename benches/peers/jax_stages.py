"""The shipped chain in JAX, stage by stage, with the operating rule run over the stages."""

import jax_chain  # sets the library up
import jax
import jax.numpy as jnp

import peer
import plant
import stages
import walk
from jax_walk import STOPS

BLOCKS = (64, 128, 256, 1024)


def along(chain, base, field, spare):
    """How far a supply is opened, and what stopped it; there is nothing to find where something is
    to spare in any case."""

    def going(state):
        return jnp.any(state[1] == walk.GOING)

    def step(state):
        return chain.step(base, field, state[0])

    here = jnp.where(0.0 < spare, 1.0, 0.0)
    status = jnp.where(0.0 < spare, walk.FULLY_DRAWN, walk.GOING)
    return jax.lax.while_loop(going, step, (here, status))


def solve(addresses, lanes):
    """One block."""
    chain = stages.Chain({**plant.defaults(), **dict(zip(addresses, lanes))}, jnp)
    first, _ = along(chain, (), chain.chayanda, chain.spare())
    nothing_known = jnp.full_like(lanes[0], -1.0)
    second, status = along(chain, (chain.chayanda(first),), chain.kovykta, nothing_known)
    return (*chain.results(first, second), STOPS[status.astype(int)])


class Chain(jax_chain.Chain):
    """The chain with some addresses varying, for blocks of so many lanes."""

    def __init__(self, addresses, block):
        self.block = block
        self.solve = jax.jit(lambda rows: jax.lax.map(lambda one: solve(addresses, one), rows))

    def run(self, inputs):
        """Works out everything."""
        return jax.block_until_ready(self.solve(inputs))


if __name__ == "__main__":
    peer.main(Chain, BLOCKS)
