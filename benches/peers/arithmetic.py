"""Arithmetic in which what does not vary stays out of the way.

A number that does not vary is a Python float, one that does is whatever the library at hand calls
an array: floats meet floats when a study is set up, and a factor of one or a term of zero leaves
no operation behind. `xp` is that library (jax.numpy, or a recorder of NumPy calls).
"""


def plain(number):
    """Whether a number does not vary."""
    return isinstance(number, float)


def times(*factors):
    """Product, floats first."""
    constant, varying = 1.0, []
    for factor in factors:
        if plain(factor):
            constant *= factor
        else:
            varying.append(factor)
    if constant == 0.0 or not varying:
        return constant
    result = varying[0]
    for factor in varying[1:]:
        result = result * factor
    return result if constant == 1.0 else result * constant


def plus(*terms):
    """Sum, floats first."""
    constant, varying = 0.0, []
    for term in terms:
        if plain(term):
            constant += term
        else:
            varying.append(term)
    if not varying:
        return constant
    result = varying[0]
    for term in varying[1:]:
        result = result + term
    return result if constant == 0.0 else result + constant


def minus(number, *others):
    """Difference of a number and the sum of others."""
    other = plus(*others)
    if plain(other) and other == 0.0:
        return number
    return number - other


def over(number, divisor):
    """Quotient; by what does not vary, a product."""
    return times(number, 1.0 / divisor) if plain(divisor) else number / divisor


def least(xp, *numbers):
    """The smallest, floats first."""
    constant, varying = float("inf"), []
    for number in numbers:
        if plain(number):
            constant = min(constant, number)
        else:
            varying.append(number)
    if not varying:
        return constant
    result = varying[0]
    for number in varying[1:] + ([constant] if constant < float("inf") else []):
        if isinstance(result, Slope) or isinstance(number, Slope):
            result = Slope.lesser(xp, result, number)
        else:
            result = xp.minimum(result, number)
    return result


def at_least_zero(xp, number):
    """The number, or zero where it is below."""
    if isinstance(number, Slope):
        return Slope.lesser(xp, number * -1.0, 0.0) * -1.0
    return xp.maximum(number, 0.0)


class Slope:
    """Numbers with their slopes along one unknown."""

    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    @staticmethod
    def of(number):
        return number if isinstance(number, Slope) else Slope(number, 0.0)

    @staticmethod
    def lesser(xp, a, b):
        """The smaller of two; `a` where they are equal."""
        a, b = Slope.of(a), Slope.of(b)
        slope = xp.where(a.value <= b.value, a.slope, b.slope)
        return Slope(xp.minimum(a.value, b.value), slope)

    def __add__(self, other):
        other = Slope.of(other)
        return Slope(plus(self.value, other.value), plus(self.slope, other.slope))

    __radd__ = __add__

    def __sub__(self, other):
        other = Slope.of(other)
        return Slope(minus(self.value, other.value), minus(self.slope, other.slope))

    def __rsub__(self, other):
        return Slope.of(other) - self

    def __mul__(self, other):
        other = Slope.of(other)
        slope = plus(times(self.slope, other.value), times(self.value, other.slope))
        return Slope(times(self.value, other.value), slope)

    __rmul__ = __mul__

    def __truediv__(self, other):
        other = Slope.of(other)
        value = over(self.value, other.value)
        return Slope(value, over(minus(self.slope, times(value, other.slope)), other.value))

    def __rtruediv__(self, other):
        return Slope.of(other) / self


class Sloped:
    """The functions of numbers with slopes, over those of numbers: mixed into a library's own."""

    def exp(self, a):
        if not isinstance(a, Slope):
            return super().exp(a)
        value = super().exp(a.value)
        return Slope(value, times(a.slope, value))

    def log(self, a):
        if not isinstance(a, Slope):
            return super().log(a)
        return Slope(super().log(a.value), over(a.slope, a.value))

    def sqrt(self, a):
        root = super().sqrt(a.value)
        return Slope(root, over(a.slope, times(root, 2.0)))
