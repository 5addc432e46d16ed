"""The shipped trunk line by pressures: its pipe, its stations and its two gases.

The line is read from data/amur/chain.toml. Of its gas there is what the crate says of the two feeds
and of the blend halfway between, by GERG-2008: states at some pressures and temperatures. The
polynomials that the crate tabulates a gas by are got back from those, and held against all of them.
"""

import json
import re
import tomllib
from dataclasses import dataclass

import numpy as np

import plant

GAS_CONSTANT = 8.314462618  # J/(mol K)
GERG_GAS_CONSTANT = 8.314472  # that of GERG-2008
HIGHEST_DENSITY = 9000.0  # mol/m3, of which densities are shares
# middle and half width of 1/T between 255 and 350 K
COLDEST, HOTTEST = 1.0 / 255.0, 1.0 / 350.0
MIDDLE, HALF = 0.5 * (COLDEST + HOTTEST), 0.5 * (COLDEST - HOTTEST)
# between which the dilute gas's viscosity is a polynomial, K
VISCOSITY_HELD = 200.0, 450.0
JOSSI_STIEL_THODOS = 0.1023, 0.023364, 0.058533, -0.040758, 0.0093324
DENSITIES, TEMPERATURES, VISCOSITIES = 5, 4, 5

UNITS = {"": 1.0, "%": 1e-2, "km": 1e3, "mm": 1e-3, "MPa": 1e6, "W/m2K": 1.0}
OUTPUTS = ["delivered_pressure", "delivered_temperature", "fuel", "power"]


@dataclass
class Line:
    """The line, SI."""

    sections: int  # a station before each but the first
    section: float  # m
    inner: float
    outer: float
    roughness: float
    efficiency: float
    looped: float  # share of the length with a second pipe
    inlet_pressure: float
    inlet_temperature: float
    discharge_pressure: float
    discharge_temperature: float
    soil: float
    heat_transfer: float
    polytropic: float
    mechanical: float
    driver: float


def quantity(written):
    """A number with its unit, SI."""
    if isinstance(written, (int, float)):
        return float(written)
    number, unit = re.fullmatch(r"([-+.\deE]+) ?(.*)", written).groups()
    return float(number) + 273.15 if unit == "degC" else float(number) * UNITS[unit]


def line():
    """The trunk line of the shipped chain."""
    stage = tomllib.loads((plant.DATA / "chain.toml").read_text())["stages"]["trunk_line"]
    stations = [quantity(one["at"]) for one in stage["hydraulics"]["stations"]]
    sections = len(stations) + 1
    values = {name: entry["value"] for name, entry in stage["set"].items()}
    evenly = all(abs(at - (place + 1) / sections) < 1e-12 for place, at in enumerate(stations))
    if not evenly or values["friction"] != "sto_gazprom" or values["segments"] != 1:
        raise SystemExit("the shipped line is another one than these equations are of")

    def of(name):
        return quantity(values[name])

    return Line(
        sections=sections,
        section=of("length") / sections,
        inner=of("diameter") - 2.0 * of("wall"),
        outer=of("diameter"),
        roughness=of("roughness"),
        efficiency=of("pipe_efficiency"),
        looped=of("loops") / of("length"),
        inlet_pressure=of("inlet_pressure"),
        inlet_temperature=of("inlet_temperature"),
        discharge_pressure=of("discharge_pressure"),
        discharge_temperature=of("discharge_temperature"),
        soil=of("soil_temperature"),
        heat_transfer=of("heat_transfer"),
        polytropic=of("polytropic_efficiency"),
        mechanical=of("mechanical_efficiency"),
        driver=of("driver_efficiency"),
    )


class Gas:
    """A gas as polynomials: what does not depend on its state, as one row of numbers.

    g[i][j] of w^i x^j, with Z = 1 + x g, x the density over the highest, w linear in 1/T; the
    ideal gas's heat capacity by powers of w; the dilute gas's viscosity by powers of the
    temperature; its critical volume and 1/xi.
    """

    def __init__(self, described):
        states = described["states"]

        def of(name):
            return np.array([state[name] for state in states])

        pressure, temperature, z = of("pressure"), of("temperature"), of("compressibility")
        x = pressure / (z * GERG_GAS_CONSTANT * HIGHEST_DENSITY * temperature)
        w = (1.0 / temperature - MIDDLE) / HALF
        dense = pressure > 0.0
        powers = [(i, j) for i in range(TEMPERATURES) for j in range(DENSITIES)]
        residual = fitted(
            np.array([w[dense] ** i * x[dense] ** j for i, j in powers]).T,
            (z[dense] - 1.0) / x[dense],
        )
        self.residual = residual.reshape(TEMPERATURES, DENSITIES)
        cp = of("heat_capacity")[~dense] / GERG_GAS_CONSTANT - 1.0
        self.ideal = fitted(np.vander(w[~dense], TEMPERATURES, increasing=True), cp)
        viscosity, place = of("viscosity"), placed(temperature)
        vander = np.vander(place[~dense], VISCOSITIES, increasing=True)
        self.dilute = fitted(vander, viscosity[~dense])
        added = viscosity - np.polynomial.polynomial.polyval(place, self.dilute)
        self.critical_volume, self.scale = dense_viscosity(x[dense] * HIGHEST_DENSITY, added[dense])
        self.molar_mass, self.net_heat = described["molar_mass"], described["net_heat"]

    def row(self):
        """All coefficients one after the other."""
        critical = [self.critical_volume, self.scale]
        return np.concatenate([self.residual.ravel(), self.ideal, self.dilute, critical])


def placed(temperature):
    """Where a temperature lies between those of viscosity, -1 to 1."""
    cold, hot = VISCOSITY_HELD
    return (temperature - 0.5 * (cold + hot)) * (2.0 / (hot - cold))


def fitted(matrix, values):
    """Coefficients that give the values; there are more of them than coefficients, or as many."""
    found, *_ = np.linalg.lstsq(matrix, values, rcond=None)
    off = np.max(np.abs(matrix @ found - values)) / np.max(np.abs(values))
    if not off < 1e-12:
        raise SystemExit(f"the crate's gas is no such polynomial: off by {off:.1e}")
    return found


def dense_viscosity(density, added):
    """Critical volume and scale of what density adds to viscosity, scale (q(d Vc)^4 - q(0)^4)."""

    def shape(volume):
        q = np.polynomial.polynomial.polyval(density * volume, JOSSI_STIEL_THODOS)
        return q**4 - JOSSI_STIEL_THODOS[0] ** 4

    low, high = np.argmin(density), np.argmax(density)

    def off(volume):
        here = shape(volume)
        return here[high] / here[low] - added[high] / added[low]

    one, other = 9e-5, 1.1e-4  # m3/mol, by secant steps
    for _ in range(50):
        if off(one) == off(other):
            break
        one, other = other, other - off(other) * (other - one) / (off(other) - off(one))
    scale = added[high] / shape(other)[high]
    if not np.max(np.abs(scale * shape(other) / added - 1.0)) < 1e-8:
        raise SystemExit("the crate's viscosity is another one than these equations are of")
    return other, scale


@dataclass
class Blends:
    """Every coefficient of a blend: c0 + share (c1 + share c2), share that of the second gas."""

    coefficients: np.ndarray  # three rows
    molar_mass: tuple  # of the two gases
    net_heat: tuple

    @staticmethod
    def of(described):
        """Through the two gases and the one halfway between."""
        first, half, second = (Gas(one) for one in described)
        if [one["share"] for one in described] != [0.0, 0.5, 1.0]:
            raise SystemExit("gases at the shares 0, 0.5 and 1 are needed")
        a, b, c = first.row(), half.row(), second.row()
        rows = np.array([a, 4.0 * b - 3.0 * a - c, 2.0 * (a + c) - 4.0 * b])
        return Blends(
            rows, (first.molar_mass, second.molar_mass), (first.net_heat, second.net_heat)
        )


@dataclass
class Reference:
    """What the crate says: in some scenarios, outputs and their slopes along Kovykta's opening."""

    offered: np.ndarray  # lowest and highest flow of each field, mol/s
    blends: Blends
    fields: np.ndarray  # the two fields' flows, scenario after scenario, mol/s
    values: np.ndarray
    slopes: np.ndarray

    @staticmethod
    def read(file):
        """As the crate's program wrote it."""
        with open(file) as lines:
            told = json.load(lines)
        if told["outputs"] != OUTPUTS:
            raise SystemExit(f"the reference has other outputs: {told['outputs']}")
        columns = (np.array(told[name]).T.copy() for name in ("scenarios", "values", "slopes"))
        return Reference(np.array(told["offered"]), Blends.of(told["gases"]), *columns)
