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


def along(chain, base, field, lanes):
    """How far a supply is opened, and what stopped it."""

    def going(state):
        return jnp.any(state[1] == walk.GOING)

    def step(state):
        return chain.step(base, field, state[0])

    here = jnp.zeros_like(lanes[0])
    return jax.lax.while_loop(going, step, (here, jnp.full_like(here, walk.GOING)))


def solve(addresses, lanes):
    """One block."""
    chain = stages.Chain({**plant.defaults(), **dict(zip(addresses, lanes))}, jnp)
    first, _ = along(chain, (), chain.chayanda, lanes)
    second, status = along(chain, (chain.chayanda(first),), chain.kovykta, lanes)
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
