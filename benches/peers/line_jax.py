"""The trunk line in JAX: jit, float64, one core, blocks of lanes one after another inside one call;
value and slope of all outputs by one jvp."""

import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")
# one core; the second flag is read where the first is: both belong to XLA
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import numpy as np

import line_peer
from line_equations import carry

jax.config.update("jax_enable_x64", True)

BLOCKS = (64, 128, 256, 512, 1024, 2048)
# so many steps and fewer are written out, so that the compiler makes one loop over lanes of them;
# more would take it minutes
UNROLLED = 2


class Functions:
    """The functions of the equations, by JAX's names."""

    exp, log, sqrt, minimum = (staticmethod(f) for f in (jnp.exp, jnp.log, jnp.sqrt, jnp.minimum))

    @staticmethod
    def repeat(count, step, start):
        if count <= UNROLLED:
            for _ in range(count):
                start = step(start)
            return start
        return jax.lax.fori_loop(0, count, lambda _, at: step(at), start)

    @staticmethod
    def each(rows, step, start):
        return jax.lax.scan(lambda at, row: (step(at, row), None), start, jnp.array(rows))[0]

    @staticmethod
    def settled(numbers):
        # each made by one loop over the lanes and kept: else the compiler makes them anew wherever
        # they are needed, and takes minutes to
        return jax.lax.optimization_barrier(numbers)

    @staticmethod
    def constant(number, like):
        return jnp.full_like(like, number)


class Line:
    """The line for blocks of so many lanes, with slopes or without."""

    def __init__(self, line, blends, block, sloped):
        self.block = block

        def outputs(fields):
            return tuple(carry(Functions, line, blends, *fields))

        def with_slopes(fields):
            first, second = fields
            along = jnp.zeros_like(first), second
            values, slopes = jax.jvp(outputs, ((first, second),), (along,))
            return *values, *slopes

        one = with_slopes if sloped else outputs
        self.solve = jax.jit(lambda blocks: jax.lax.map(one, blocks))

    def put(self, fields):
        """Inputs as arrays of the library, in blocks."""
        return tuple(jnp.asarray(row.reshape(-1, self.block)) for row in fields)

    def take(self, results):
        """Results as arrays of NumPy."""
        return np.array([np.asarray(row).ravel() for row in results])

    def run(self, fields):
        """Works out everything."""
        return jax.block_until_ready(self.solve(fields))


if __name__ == "__main__":
    line_peer.main(Line, BLOCKS)
