"""The trunk line in JAX: jit, float64, one core, blocks of lanes one after another inside one call;
a slope carried beside each value, by the rules of differentiation written out: jax.jvp of the same
equations takes the compiler nine minutes and gives a program 15 times slower."""

import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")
# one core; the second flag is read where the first is: both belong to XLA
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import numpy as np

import line_peer
from arithmetic import Slope, Sloped
from line_equations import carry

jax.config.update("jax_enable_x64", True)
jax.tree_util.register_pytree_node(
    Slope, lambda of: ((of.value, of.slope), None), lambda _, parts: Slope(*parts)
)

BLOCKS = (256, 512, 1024)
# so many steps and fewer are written out, so that the compiler makes one loop over lanes of them;
# more would take it minutes
UNROLLED = 2


class Functions:
    """The functions of the equations, by JAX's names."""

    exp, log, sqrt, minimum = (staticmethod(f) for f in (jnp.exp, jnp.log, jnp.sqrt, jnp.minimum))

    @classmethod
    def repeat(cls, count, step, start):
        if count <= UNROLLED:
            for _ in range(count):
                start = step(start)
            return start
        return jax.lax.fori_loop(0, count, lambda _, at: cls.filled(step(at)), cls.filled(start))

    @classmethod
    def each(cls, rows, step, start):
        def stepped(at, row):
            return cls.filled(step(at, row)), None

        return jax.lax.scan(stepped, cls.filled(start), jnp.array(rows))[0]

    @staticmethod
    def filled(numbers):
        """What a loop carries."""
        return numbers

    @staticmethod
    def settled(numbers):
        # each made by one loop over the lanes and kept: else the compiler makes them anew wherever
        # they are needed, and takes minutes to
        leaves, tree = jax.tree_util.tree_flatten(numbers)
        kept = jax.lax.optimization_barrier([leaf for leaf in leaves if not isinstance(leaf, float)])
        kept = iter(kept)
        leaves = [leaf if isinstance(leaf, float) else next(kept) for leaf in leaves]
        return jax.tree_util.tree_unflatten(tree, leaves)

    @staticmethod
    def constant(number, like):
        return jnp.full_like(like, number)


class WithSlopes(Sloped, Functions):
    """The same of numbers with slopes."""

    @staticmethod
    def filled(numbers):
        def of(number):
            if not isinstance(number, Slope):
                return number
            slope = jnp.broadcast_to(number.slope, jnp.shape(number.value))
            return Slope(number.value, slope)

        return jax.tree_util.tree_map(of, numbers, is_leaf=lambda of: isinstance(of, Slope))

    @staticmethod
    def constant(number, like):
        return Slope(jnp.full_like(like.value, number), 0.0)

    @staticmethod
    def minimum(a, b):
        return Slope.lesser(jnp, a, b)


class Line:
    """The line for blocks of so many lanes, with slopes or without."""

    def __init__(self, line, blends, block, sloped):
        self.block = block

        def outputs(fields):
            return tuple(carry(Functions(), line, blends, *fields))

        def with_slopes(fields):
            first, second = fields
            found = carry(WithSlopes(), line, blends, Slope(first, 0.0), Slope(second, second))
            return *(one.value for one in found), *(one.slope for one in found)

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
