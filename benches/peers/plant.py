"""The shipped chain's data, read from data/amur as any program would read them: defaults in SI,
compositions, molar masses, and what the cracker makes of a mole of each feed.

Independent of the crate on purpose: only the files are shared.
"""

import csv
import re
import tomllib
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[2] / "data" / "amur"
YEAR = 365 * 86400.0  # s
MOLAR_VOLUME = 8.314462618 * 293.15 / 101325.0  # m3/mol at 20 degC, 101.325 kPa
ATOMIC_MASS = {"C": 12.0107, "H": 1.00794, "N": 14.0067, "O": 15.9994, "He": 4.002602}  # g/mol

BCM_PER_YEAR = 1e9 / YEAR / MOLAR_VOLUME  # mol/s
MT_PER_YEAR = 1e9 / YEAR  # kg/s

UNITS = {
    "": 1.0,
    "%": 1e-2,
    "%/1000 km": 1e-8,
    "km": 1e3,
    "bcm/yr": BCM_PER_YEAR,
    "million m3/yr": 1e-3 * BCM_PER_YEAR,
    "Mt/yr": MT_PER_YEAR,
    "GJ/t": 1e6,
}

OUTPUTS = [
    "heihe.sales_gas.volume",
    "gpp.helium.volume",
    "gpp.c5_c6.mass",
    "rail.lpg.mass",
    "gcc.polyethylene.mass",
    "gcc.polypropylene.mass",
    "gpp.feed.utilisation",
    "kovykta.accepted",
    "kovykta.stopped_by",
]
STOPS = ["fully drawn", "heihe.demand", "gpp.feed"]


def quantity(value):
    """A number in SI; None for what is no number or has a unit that the sweep does not need."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    match = re.fullmatch(r"\s*([-+.\deE]+)\s*(.*)", value)
    if match is None or match[2] not in UNITS:
        return None
    return float(match[1]) * UNITS[match[2]]


def defaults(file="chain.toml", prefix=""):
    """Every number that the chain's files set, by its address, SI."""
    chain = tomllib.loads((DATA / file).read_text())
    found = {}

    def take(address, value):
        number = quantity(value)
        if number is not None:
            found[address] = number

    for name, entry in chain.get("parameters", {}).items():
        take(name, entry["value"])
    limits = [("", chain.get("limits", {}))]
    for name, stage in chain.get("stages", {}).items():
        if "chain" in stage:
            found.update(defaults(stage["chain"], name + "."))
        for parameter, entry in stage.get("set", {}).items():
            take(f"{name}.{parameter}", entry["value"])
        limits.append((name + ".", stage.get("limits", {})))
    for place, entries in limits:
        for name, limit in entries.items():
            if isinstance(limit.get("at_most"), str):
                take(place + name, limit["at_most"])
    for new, old in chain.get("expose", {}).items():
        if old in found:
            found[new] = found.pop(old)
    return {prefix + address: value for address, value in found.items()}


def axes(count):
    """Addresses, lowest and highest values of the first `count` axes of the shipped list, SI."""
    with open(DATA / "sweeps" / "axes.csv", newline="") as file:
        rows = list(csv.DictReader(file))[:count]
    return [(row["parameter"], quantity(row["low"]), quantity(row["high"])) for row in rows]


def formulas():
    """The formula of every species."""
    found = {}
    for file in (DATA.parent / "species.csv", DATA / "species.csv"):
        with open(file, newline="") as lines:
            found.update({row["species"]: row["formula"] for row in csv.DictReader(lines)})
    return found


def element_masses(formula):
    """Grams of each element in a mole."""
    masses = {}
    for element, count in re.findall(r"(He|[CHNO])(\d*)", formula):
        masses[element] = masses.get(element, 0.0) + ATOMIC_MASS[element] * int(count or 1)
    return masses


FORMULAS = formulas()
MOLAR_MASS = {  # kg/mol
    species: 1e-3 * sum(element_masses(formula).values()) for species, formula in FORMULAS.items()
}


def composition(feed):
    """Mole fractions of a row of feeds.csv."""
    with open(DATA / "feeds.csv", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["feed"] == feed)
    species = [name for name in row if name in FORMULAS]
    total = sum(float(row[name]) for name in species)
    return {name: float(row[name]) / total for name in species}


def closed_set(name, feed):
    """Mass of each product per mass of feed of a yield set, shifted as little as closes carbon and
    hydrogen: the shifts' squares over the yields are least."""
    with open(DATA / "yields.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["set"], row["feed"]) == (name, feed)]
    per_pass = rows[0]["basis"] == "per_pass"

    def fractions(species):
        masses = element_masses(FORMULAS[feed if species == "loss" else species])
        return np.array([masses.get(element, 0.0) for element in "CH"]) / sum(masses.values())

    products, printed, lump = [], [], 0.0
    for row in rows:
        if row["product"] == "hydrogen + methane":
            lump = float(row["mass_fraction"])
        else:
            products.append(row["product"])
            printed.append(float(row["mass_fraction"]))
    wanted = fractions(feed)
    if lump > 0.0:  # split so that hydrogen closes, the other yields as printed
        others = sum(part * fractions(product)[1] for product, part in zip(products, printed))
        methane = fractions("methane")[1]
        hydrogen = (wanted[1] - others - lump * methane) / (1.0 - methane)
        products += ["hydrogen", "methane"]
        printed += [hydrogen, lump - hydrogen]
    printed = np.array(printed)
    fixed = np.array([per_pass and product == feed for product in products])
    weights = np.where(fixed, 0.0, printed)
    elements = np.array([fractions(product) for product in products]).T
    missing = wanted - elements @ printed
    shifts = weights * (elements.T @ np.linalg.solve((elements * weights) @ elements.T, missing))
    return {product: float(part) for product, part in zip(products, printed + shifts)}


def cracked():
    """Moles of ethylene and of propylene that leave the cracker per mole of each fresh feed, with
    ethane and propane cracked to extinction, acetylene and propyne hydrogenated."""

    def per_mole(feed, *names):
        sets = [closed_set(name, feed) for name in names]
        made = {}
        for one in sets:
            for product, mass in one.items():
                if product != "loss":
                    moles = mass * MOLAR_MASS[feed] / MOLAR_MASS[product] / len(sets)
                    made[product] = made.get(product, 0.0) + moles
        olefins = (("ethylene", "acetylene"), ("propylene", "propyne"))
        pair = np.array([sum(made.get(one, 0.0) for one in group) for group in olefins])
        return pair, made

    ethane, _ = per_mole("ethane", "ipcc")
    once, back = per_mole("propane", "patent_88")
    propane = (once + back["ethane"] * ethane) / (1.0 - back["propane"])
    butane, _ = per_mole("n-butane", "ipcc", "matar_hatch")
    isobutane, _ = per_mole("isobutane", "estimate")
    pairs = {"ethane": ethane, "propane": propane, "n-butane": butane, "isobutane": isobutane}
    return {feed: tuple(float(moles) for moles in pair) for feed, pair in pairs.items()}
