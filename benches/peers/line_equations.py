"""The equations of the trunk line, once for NumPy and JAX: those of the crate.

Numbers that vary are whatever the library at hand calls an array, or a Slope of two of them. `xp`
has that library's exp, log, sqrt and minimum; `repeat`, which does a step so many times; `each`,
which does one for each of some rows of constants; `constant`, which makes a number of its own kind
of a float; and `settled`, which is told of numbers that are needed often, and returns them.

All counts of steps are here.
"""

import math

from line_case import (
    DENSITIES,
    GAS_CONSTANT,
    GERG_GAS_CONSTANT,
    HALF,
    HIGHEST_DENSITY,
    JOSSI_STIEL_THODOS,
    MIDDLE,
    TEMPERATURES,
    VISCOSITY_HELD,
)

# Halley's steps to a density, from the density of the second virial coefficient alone, and from the
# compressibility factor of a state nearby
STEPS, STEPS_NEAR = 6, 2
# states of the gas along a section that its means are looked for in
SECTION_STATES = 3
# steps of a compression
COMPRESSION_STEPS = 2
# Butcher's Runge-Kutta step of fifth order. What the first stage counts in the five others and in
# the end; of each of the others: how many quarters of the step it is at, and what it counts in
# those after it
RUNGE_KUTTA_FIRST = 1 / 4, 1 / 8, 0.0, 3 / 16, -3 / 7, 7 / 90
RUNGE_KUTTA = (
    (1.0, 1 / 8, -1 / 2, 0.0, 2 / 7, 0.0),
    (1.0, 1.0, 0.0, 12 / 7, 32 / 90, 0.0),
    (2.0, 9 / 16, -12 / 7, 12 / 90, 0.0, 0.0),
    (3.0, 8 / 7, 32 / 90, 0.0, 0.0, 0.0),
    (4.0, 7 / 90, 0.0, 0.0, 0.0, 0.0),
)


class Gas:
    """A blend: the coefficients of line_case.Gas, each as a number that varies."""

    def __init__(self, line, blends, first, second):
        self.flow = first + second
        share = second / self.flow
        rows = blends.coefficients
        found = [c0 + share * (c1 + share * c2) for c0, c1, c2 in zip(*map(list_of, rows))]
        surface = TEMPERATURES * DENSITIES
        self.residual = [found[at : at + DENSITIES] for at in range(0, surface, DENSITIES)]
        self.ideal = found[surface : surface + TEMPERATURES]
        self.dilute = found[surface + TEMPERATURES : -2]
        self.critical_volume, self.scale = found[-2:]
        self.molar_mass = between(blends.molar_mass, share)
        self.net_heat = between(blends.net_heat, share)
        self.line = line


def list_of(row):
    return [float(number) for number in row]


def between(ends, share):
    first, second = ends
    return float(first) + share * float(second - first)


class State:
    """A gas at a pressure (Pa) and a temperature (K), looked for from a state near it where that
    is told by its compressibility factor."""

    def __init__(self, xp, gas, pressure, temperature, near=None):
        self.gas = gas
        self.pressure, self.temperature = pressure, temperature
        self.inverse = u = 1.0 / temperature
        w = u * (1.0 / HALF) - MIDDLE / HALF
        # g, its derivative by w and half its second one, by power of x
        columns = [derivatives(column, w, 3) for column in zip(*gas.residual)]
        found = xp.settled([*zip(*columns), derivatives(gas.ideal, w, 2)])
        self.value, self.slope, self.half_curve, (ideal, self.ideal_w) = found

        target = pressure * u * (1.0 / (GERG_GAS_CONSTANT * HIGHEST_DENSITY))
        if near is None:
            under = 1.0 + self.value[0] * target * 4.0
            x, steps = target * 2.0 / (1.0 + xp.sqrt(under)), STEPS
        else:
            x, steps = target / near, STEPS_NEAR
        [x] = xp.settled([xp.repeat(steps, lambda x: closer(self.value, target, x), x)])
        self.x = x

        self.g, self.g_x, self.half_g_xx = g, g_x, _ = derivatives(self.value, x, 3)
        self.g_u, self.g_xu = (n * (1.0 / HALF) for n in derivatives(self.slope, x, 2))
        self.a_uu = x * polynomial(integrated(self.half_curve), x) * (2.0 / (HALF * HALF))
        rising = g + x * g_x
        z = 1.0 + x * g
        spread, stiffness = z - x * u * self.g_u, z + x * rising
        capacity = ideal - u * u * self.a_uu + spread * spread / stiffness
        cp = capacity * GERG_GAS_CONSTANT
        cooling = (u * self.g_u + rising) * (-1.0 / HIGHEST_DENSITY)
        found = xp.settled([z, spread, stiffness, capacity, cp, cooling / (stiffness * cp)])
        self.compressibility, self.spread, self.stiffness, self.capacity = found[:4]
        self.heat_capacity, self.joule_thomson = found[4:]
        self.xp = xp

    def viscosity(self):
        """Pa s, and how it moves with density (of which x is the share) and temperature."""
        gas, (cold, hot) = self.gas, VISCOSITY_HELD
        place = self.temperature * (2.0 / (hot - cold)) - (hot + cold) / (hot - cold)
        dilute, by_place = derivatives(gas.dilute, place, 2)
        dense = gas.critical_volume * HIGHEST_DENSITY
        q, q_r = derivatives(JOSSI_STIEL_THODOS, self.x * dense, 2)
        cube = q * q * q
        added = (cube * q - JOSSI_STIEL_THODOS[0] ** 4) * gas.scale
        return dilute + added, cube * q_r * dense * gas.scale * 4.0, by_place * (2.0 / (hot - cold))

    def slopes(self):
        """How viscosity, and by what part Z, heat capacity and viscosity, and how the
        Joule-Thomson coefficient, move with pressure and with temperature."""
        x, u, g, g_x = self.x, self.inverse, self.g, self.g_x
        per_cube = 6.0 / HALF**3
        g_uu = polynomial(self.half_curve, x) * (2.0 / (HALF * HALF))
        a_uuu = x * polynomial(integrated(self.gas.residual[-1]), x) * per_cube
        square = x * x
        # by x at one temperature, and by u at one x
        z = g + x * g_x, x * self.g_u
        stiffness = (
            g * 2.0 + x * g_x * 4.0 + square * self.half_g_xx * 2.0,
            z[1] * 2.0 + square * self.g_xu,
        )
        spread = z[0] - u * (self.g_u + x * self.g_xu), x * u * g_uu * -1.0
        volume = (
            u * u * g_uu * -1.0,
            self.ideal_w * (1.0 / HALF) - u * self.a_uu * 2.0 - u * u * a_uuu,
        )
        cooling = (
            u * self.g_xu + (g_x + x * self.half_g_xx) * 2.0,
            self.g_u * 2.0 + u * g_uu + x * self.g_xu,
        )
        per_stiffness, per_capacity = 1.0 / self.stiffness, 1.0 / self.capacity
        ratio = self.spread * per_stiffness
        unit = per_stiffness * per_capacity * (-1.0 / (GERG_GAS_CONSTANT * HIGHEST_DENSITY))
        found = []
        for of in range(2):
            capacity = volume[of] + ratio * (spread[of] * 2.0 - ratio * stiffness[of])
            capacity = capacity * per_capacity
            joule_thomson = cooling[of] * unit - self.joule_thomson * (
                stiffness[of] * per_stiffness + capacity
            )
            found.append((z[of], capacity, joule_thomson))

        with_pressure = u * (1.0 / (GERG_GAS_CONSTANT * HIGHEST_DENSITY)) * per_stiffness
        with_temperature = u * x * ratio * -1.0
        viscosity, by_x, by_temperature = self.viscosity()
        per_z, per_viscosity = 1.0 / self.compressibility, 1.0 / viscosity
        by_pressure = [n * with_pressure for n in found[0]]
        hotter = [n * with_temperature - m * u * u for n, m in zip(*found)]
        viscous = by_x * with_pressure, by_x * with_temperature + by_temperature
        return self.xp.settled(
            [
                viscosity,
                [
                    (z * per_z, capacity, joule_thomson, moved * per_viscosity)
                    for (z, capacity, joule_thomson), moved in zip((by_pressure, hotter), viscous)
                ],
            ]
        )


def closer(coefficients, target, x):
    """One of Halley's steps to x (1 + x g(x)) = target."""
    g, g_x, half_g_xx = derivatives(coefficients, x, 3)
    x_g, square = x * g, x * x
    per_slope = 1.0 / (1.0 + x_g * 2.0 + square * g_x)
    newton = (x + x * x_g - target) * per_slope
    half_curvature = g + x * g_x * 2.0 + square * half_g_xx
    return x - newton / (1.0 - newton * half_curvature * per_slope)


def integrated(coefficients):
    """Coefficients of the mean of a polynomial from 0 to x."""
    return [number * (1.0 / (power + 1.0)) for power, number in enumerate(coefficients)]


def polynomial(coefficients, at):
    """By rising power."""
    return derivatives(coefficients, at, 1)[0]


def derivatives(coefficients, at, count):
    """A polynomial, its slope, half its curvature: as many of those as are asked for."""
    left, found = list(coefficients), []
    for taken in range(count):
        for power in range(len(left) - 1, taken, -1):
            left[power - 1] = left[power] * at + left[power - 1]
        found.append(left[taken])
    return found


def section(xp, flow, start):
    """Pressure and temperature at the end of a section of line, and about the compressibility
    factor there, from the state of the gas at its start: by the closed forms for a mean state,
    which is looked for in Newton's steps."""
    gas, line = start.gas, start.gas.line
    mass_flow = flow * gas.molar_mass
    work = GAS_CONSTANT / gas.molar_mass
    perimeter = math.pi * line.outer * (1.0 + line.looped)
    conductance = line.heat_transfer * line.section * perimeter / flow
    above_soil = start.temperature - line.soil

    def closed(temperature, state, viscosity):
        """p2 squared, its slopes by the logarithms of Z T and of viscosity, and the decays."""
        drop, by_viscosity = friction(xp, line, mass_flow, viscosity)
        loss = state.compressibility * temperature * work * drop * line.section
        t = conductance / state.heat_capacity
        end = xp.exp(t * -1.0)
        mean = (1.0 - end) / t
        rise = (1.0 - mean) / t
        squared = start.pressure * start.pressure - loss
        return xp.settled([squared, loss * -1.0, loss * by_viscosity * -1.0, (t, end, mean, rise)])

    def mean_of(pressure):
        share = pressure / (start.pressure + pressure)
        return (start.pressure + pressure * share) * (2.0 / 3.0), share

    def moved(state):
        """The closed forms at a mean state, how they move with it, and by how much it is off."""
        viscosity, slopes = state.slopes()
        squared, by_sound, by_viscosity, decays = closed(state.temperature, state, viscosity)
        t, end, mean, rise = decays
        out = xp.sqrt(squared)
        fall = start.pressure - out
        cooling = state.joule_thomson * fall
        mean_pressure, share = mean_of(out)
        # with the logarithm of the heat capacity
        lost = t * (mean - rise)
        outlet_capacity = above_soil * t * end - cooling * lost
        mean_capacity = above_soil * lost - cooling * (rise * 2.0 - mean)
        by_pressure, hotter = slopes
        sounds = by_pressure[0], hotter[0] + state.inverse
        squares = [by_sound * s + by_viscosity * of[3] for s, of in zip(sounds, slopes)]
        outs = [n * 0.5 / out for n in squares]
        pressures = [n * share * (2.0 - share) * (2.0 / 3.0) for n in outs]
        temperatures = [
            mean_capacity * of[1] + rise * (state.joule_thomson * n - fall * of[2])
            for of, n in zip(slopes, outs)
        ]
        pressure = mean_pressure - state.pressure
        temperature = above_soil * mean - cooling * rise + line.soil - state.temperature
        pp, pt = 1.0 - pressures[0], pressures[1]
        tp, tt = temperatures[0], 1.0 - temperatures[1]
        one = 1.0 / (pp * tt - pt * tp)
        step = (tt * pressure + pt * temperature) * one, (tp * pressure + pp * temperature) * one
        along = [a * step[0] + b * step[1] for a, b in (squares, *zip(*(s[1:3] for s in slopes)))]
        return xp.settled([step, squared, out, decays, cooling, outlet_capacity, along])

    squared, _, _, (_, _, mean, rise) = closed(start.temperature, start, start.viscosity()[0])
    out = xp.sqrt(squared)
    pressure, _ = mean_of(out)
    cooling = start.joule_thomson * (start.pressure - out)
    temperature = above_soil * mean - cooling * rise + line.soil
    state = State(xp, gas, pressure, temperature, start.compressibility)
    for _ in range(SECTION_STATES - 1):
        by, *_ = moved(state)
        near = state.compressibility
        state = State(xp, gas, state.pressure + by[0], state.temperature + by[1], near)
    _, squared, out, (_, end, mean, _), cooling, by_capacity, along = moved(state)
    by_square, capacity, joule_thomson = along
    outlet = xp.sqrt(squared + by_square)
    cooling = (
        cooling + state.joule_thomson * (out - outlet) + joule_thomson * (start.pressure - out)
    )
    temperature = above_soil * end - cooling * mean + by_capacity * capacity + line.soil
    return outlet, temperature, state.compressibility


def friction(xp, line, mass_flow, viscosity):
    """Friction gradient by the law of STO Gazprom, looped pipes carrying half each, and about the
    power of the viscosity that it goes with."""
    factor = 0.067 * (4.0 / math.pi) / line.efficiency**2 / line.inner**4

    def of(flow):
        reynolds = flow * (4.0 / math.pi / line.inner) / viscosity
        smooth = 158.0 / reynolds
        base = smooth + 2.0 * line.roughness / line.inner
        gradient = xp.exp(xp.log(base) * 0.2) * reynolds * viscosity * flow * factor
        return gradient, smooth * 0.2 / base

    alone, by_viscosity = of(mass_flow)
    together, _ = of(mass_flow * 0.5)
    return alone * (1.0 - line.looped) + together * line.looped, by_viscosity


def compression(xp, start):
    """Discharge temperature and work (J/mol) of a station's compressors, and the compressibility
    factor near the discharge: Runge-Kutta steps of fifth order (Butcher's of six stages)."""
    gas, line = start.gas, start.gas.line
    length = xp.log(line.discharge_pressure / start.pressure) * (1.0 / COMPRESSION_STEPS)
    nothing = xp.constant(0.0, start.compressibility)
    state, work = start, nothing
    for step in range(COMPRESSION_STEPS):
        rise, added_work, near = step_of_compression(xp, state, length)
        work = added_work + work
        temperature = state.temperature * xp.exp(rise)
        if step + 1 < COMPRESSION_STEPS:
            state = State(xp, gas, state.pressure * xp.exp(length), temperature, near)
    return temperature, work, near


def step_of_compression(xp, start, length):
    """What one step adds to the logarithm of the temperature and to the work, and the
    compressibility factor near its end."""
    gas, line = start.gas, start.gas.line

    def slopes(state):
        work = state.compressibility * (GAS_CONSTANT / line.polytropic)
        rise = work / state.heat_capacity
        rise = rise + state.joule_thomson * state.pressure * state.inverse
        return rise, work * state.temperature

    def stage(found, row):
        """One more of them: what is waiting counts the slopes so far for each later stage."""
        quarters, *weights = row
        (rise, *rises), (_, *works), near = found
        pressure = start.pressure * xp.exp(length * (quarters * 0.25))
        state = State(xp, gas, pressure, start.temperature * xp.exp(rise), near)
        by = [length * slope for slope in slopes(state)]
        rises, works = (
            (*(added(number, weight, slope) for number, weight in zip(waiting, weights)), nothing)
            for waiting, slope in zip((rises, works), by)
        )
        return rises, works, state.compressibility

    nothing = xp.constant(0.0, start.compressibility)
    rises, works = (
        tuple(added(nothing, weight, length * slope) for weight in RUNGE_KUTTA_FIRST)
        for slope in slopes(start)
    )
    (rise, *_), (work, *_), near = xp.each(
        RUNGE_KUTTA, stage, (rises, works, start.compressibility)
    )
    return rise, work, near


def added(number, weight, slope):
    """number + weight * slope, of weights that may be none."""
    if isinstance(weight, float) and weight == 0.0:
        return number
    return number + slope * weight


def carry(xp, line, blends, first, second):
    """Delivered pressure and temperature, fuel and power of the line that carries what both fields
    give, mol/s."""
    gas = Gas(line, blends, first, second)
    start = State(xp, gas, line.inlet_pressure, line.inlet_temperature)
    arrived = section(xp, gas.flow, start)
    per_power = 1.0 / (gas.net_heat * line.driver)

    def station_and_section(found):
        flow, fuel, power, *arrived = found
        discharge, work, near = compression(xp, State(xp, gas, *arrived))
        taken = flow * work * (1.0 / line.mechanical)
        burned = taken * per_power
        cooled = xp.minimum(discharge, line.discharge_temperature)
        flow = flow - burned
        start = State(xp, gas, line.discharge_pressure, cooled, near)
        return (flow, fuel + burned, power + taken, *section(xp, flow, start))

    nothing = xp.constant(0.0, gas.flow)
    begin = (gas.flow, nothing, nothing, *arrived)
    _, fuel, power, pressure, temperature, _ = xp.repeat(
        line.sections - 1, station_and_section, begin
    )
    return pressure, temperature, fuel, power
