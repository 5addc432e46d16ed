"""Writes correctly_rounded.txt: logarithms, exponentials and powers by arithmetic of 300 bits.

    python3 correctly_rounded.py > correctly_rounded.txt

A line is a function, the bits of its arguments, the bits of the double nearest to its value, and by
how many thousandths of that double's last place the value itself lies above it. Arguments are spread
over all that doubles hold; of many drawn at random, those are kept too whose values lie nearest to
the middle between two doubles, where rounding is hardest, and beside each limit.
"""

import random
import struct

from mpmath import exp, floor, frexp, log, mp, mpf

mp.prec = 300
draw = random.Random(15)


def bits(number):
    return struct.unpack("<Q", struct.pack("<d", number))[0]


def double(number):
    return struct.unpack("<d", struct.pack("<Q", number))[0]


def rounded(value):
    """The nearest double and what is left, in its last places; none beyond the largest."""
    size = abs(value)
    place = mpf(2) ** max(int(frexp(size)[1]) - 53, -1074)
    whole = floor(size / place + mpf(1) / 2)
    if whole * place >= mpf(2) ** 1024:
        return None
    sign = -1 if value < 0 else 1
    left = (value - sign * whole * place) / place
    return sign * float(whole * place), float(left)


def power(x, y):
    return mpf(x) ** mpf(y)


FUNCTIONS = {"ln": lambda x: log(mpf(x)), "exp": lambda x: exp(mpf(x)), "pow": power}


def any_positive():
    return double(draw.randrange(1, 0x7FF0000000000000))


def near_one():
    return 1.0 + draw.choice([-1, 1]) * draw.random() * 2.0 ** -draw.randint(0, 52)


def a_power():
    x = draw.choice([any_positive, near_one, lambda: draw.uniform(0.0, 10.0)])()
    if x in (0.0, 1.0):
        x = 1.0 + 2.0**-52
    most = float(draw.uniform(-745.0, 709.5) / log(mpf(x)))
    return (x, draw.choice([most, draw.uniform(-3.0, 3.0), most * draw.random()]))


DRAWN = {
    "ln": [lambda: (any_positive(),), lambda: (near_one(),), lambda: (draw.uniform(0.5, 2.0),),
           lambda: (double(draw.getrandbits(draw.randint(1, 52)) | 1),)],
    "exp": [lambda: (draw.uniform(-745.0, 709.7),), lambda: (draw.uniform(-1.0, 1.0),),
            lambda: (draw.choice([-1, 1]) * 2.0 ** draw.uniform(-60, 0),),
            lambda: (draw.uniform(-745.1, -708.0),)],
    "pow": [a_power],
}

E = double(0x4005BF0A8B145769)
BESIDE = {
    "ln": [5e-324, 2.2250738585072014e-308, 2.2250738585072009e-308, 1.7976931348623157e308, E, 2.0,
           0.5, 1.4142135623730951, 1.414213562373095, 0.7071067811865476, 0.7071067811865475,
           0.9999999999999999, 1.0000000000000002, 10.0],
    "exp": [709.782712893384, -745.1332191019411, -745.1332191019412, -708.3964185322641,
            -708.3964185322642, 1.0, -1.0, 0.34657359027997264, 0.3465735902799727, 5e-324, 1e-300,
            -0.34657359027997264, 0.6931471805599453, 2.0**-54, -(2.0**-54)],
    "pow": [(2.0, 1023.9999999999999), (2.0, -1074.0), (2.0, -1074.9), (10.0, 308.0), (10.0, -323.0),
            (1.0000000000000002, 3e18), (0.9999999999999999, 6e18), (5e-324, 0.5), (5e-324, -0.9),
            (1.7976931348623157e308, 0.5), (1.7976931348623157e308, -1.0), (1.7320508075688772, 3.0),
            (1.7320508075688774, 1290.0), (1.224744871391589, 3500.0), (1.2247448713915892, -3500.0),
            (0.8660254037844386, 5000.0), (3.0, 33.0), (7.0, 18.0), (1.5, 90.0), (100.0, 0.5)],
}


def show(name, arguments):
    value = rounded(FUNCTIONS[name](*arguments))
    if value is not None:
        number, left = value
        words = " ".join(f"{bits(argument):016x}" for argument in arguments)
        print(f"{name} {words} {bits(number):016x} {round(1000 * left):+04d}")


print("# by correctly_rounded.py, which says what a line is")
for name, draws in DRAWN.items():
    for argument in BESIDE[name]:
        show(name, argument if isinstance(argument, tuple) else (argument,))
    for index in range(300):
        show(name, draws[index % len(draws)]())
    hard = []
    for index in range(20_000):
        arguments = draws[index % len(draws)]()
        value = rounded(FUNCTIONS[name](*arguments))
        if value is not None:
            hard.append((-abs(value[1]), arguments))
    for _, arguments in sorted(hard)[:100]:
        show(name, arguments)
