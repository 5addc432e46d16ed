"""A part of the shipped chain in BioSTEAM: fields, lines and the front end of the gas plant, as
mixers and splitters by recoveries, for supplies whose accepted flows are given.

Checked against our own results (feed of the plant, C5-C6), then timed: one scenario is new flows
and recoveries, and all units run in order. Prints one line of JSON.
"""

import argparse
import json
import statistics
import time

import biosteam as bst
import numpy as np

import peer
import plant

SCENARIOS = 100
SPECIES = {
    "methane": "Methane",
    "ethane": "Ethane",
    "propane": "Propane",
    "isobutane": "Isobutane",
    "n-butane": "Butane",
    "isopentane": "Isopentane",
    "n-pentane": "Pentane",
    "n-hexane": "Hexane",
    "nitrogen": "Nitrogen",
    "carbon dioxide": "CarbonDioxide",
    "helium": "Helium",
    "hydrogen": "Hydrogen",
}
MEMBRANE = ("helium", "hydrogen", "carbon dioxide", "nitrogen", "methane")
LIQUIDS = {
    "ethane": ("ethane",),
    "propane": ("propane",),
    "butanes": ("isobutane", "n-butane"),
    "c5_plus": ("isopentane", "n-pentane", "n-hexane"),
}
PER_HOUR = 3.6  # kmol/h of a mol/s
AT = {species: place for place, species in enumerate(SPECIES)}


def split(**shares):
    """Shares of all species, zero where nothing is said."""
    shares = {name.replace("_", " "): share for name, share in shares.items()}
    return np.array([shares.get(species, 0.0) for species in SPECIES])


class Plant:
    """The flowsheet."""

    def __init__(self):
        gases = [bst.Chemical(name, phase="g") for name in SPECIES.values()]
        bst.settings.set_thermo(gases)
        self.first, self.second = bst.Stream("chayanda"), bst.Stream("kovykta")
        self.compositions = [
            np.array([plant.composition(feed)[species] for species in SPECIES])
            for feed in ("chayanda", "kovykta")
        ]
        self.units, self.splitters = [], {}

        def splitter(name, feed):
            unit = bst.Splitter(name, ins=feed, outs=(f"{name}_taken", f"{name}_left"), split=0.0)
            self.splitters[name] = unit
            self.units.append(unit)
            return unit.outs

        _, treated = splitter("membrane", self.first)
        _, carried = splitter("kovykta_line", self.second)
        gather = bst.Mixer("gather", ins=(treated, carried))
        self.units.append(gather)
        _, self.feed = splitter("trunk_line", gather.outs[0])
        left = self.feed
        for name in ("treating", *LIQUIDS):
            taken, left = splitter(name, left)
            if name == "c5_plus":
                self.c5_c6 = taken
        overhead, gas = splitter("cold_box", left)
        rejoin = bst.Mixer("rejoin", ins=(gas, overhead))
        self.units.append(rejoin)
        splitter("fuel", rejoin.outs[0])

    def solve(self, values, accepted):
        """Runs all units for so much of both supplies, mol/s."""
        for stream, flow, shares in zip((self.first, self.second), accepted, self.compositions):
            stream.mol[:] = flow * PER_HOUR * shares
        taken = {
            "membrane": {one: values[f"membrane.{one.replace(' ', '_')}"] for one in MEMBRANE},
            "treating": {"carbon dioxide": values["gpp.treating.removed"]},
            "cold_box": {
                "helium": values["gpp.helium.recovery"],
                "nitrogen": 1.0,
                "methane": values["gpp.helium.methane_slip"],
            },
        }
        for product, species in LIQUIDS.items():
            taken[product] = dict.fromkeys(species, values[f"gpp.ngl.{product}"])
        for name, shares in taken.items():
            self.splitters[name].split[:] = split(**shares)
        for line in ("kovykta_line", "trunk_line"):
            share = values[f"{line}.own_needs"] * values[f"{line}.length"]
            self.splitters[line].split[:] = share
        self.splitters["fuel"].split[:] = values["gpp.fuel.share"]
        for unit in self.units:
            unit.run()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", required=True, help="folder of our results")
    arguments = parser.parse_args()
    addresses, inputs, ours = peer.reference(arguments.reference, "10")
    ours = dict(zip(plant.OUTPUTS, ours))
    flowsheet, times, worst = Plant(), [], 0.0
    masses = np.array([plant.MOLAR_MASS[species] for species in SPECIES])
    for lane in range(SCENARIOS):
        values = {**plant.defaults(), **dict(zip(addresses, inputs[:, lane]))}
        second = float(ours["kovykta.accepted"][lane]) * plant.BCM_PER_YEAR
        accepted = values["chayanda.flow"], second
        start = time.perf_counter()
        flowsheet.solve(values, accepted)
        times.append(time.perf_counter() - start)
        capacity = values["gpp.trains"] * values["gpp.train_size"] * values["gpp.availability"]
        found = {
            "gpp.feed.utilisation": flowsheet.feed.F_mol / PER_HOUR / capacity,
            "gpp.c5_c6.mass": flowsheet.c5_c6.mol.to_array() @ masses / PER_HOUR / plant.MT_PER_YEAR,
        }
        for address, number in found.items():
            expected = float(ours[address][lane])
            difference = abs(number - expected) / expected
            if not difference <= peer.WITHIN:
                raise SystemExit(f"{address} of scenario {lane}: {number}, not {expected}")
            worst = max(worst, difference)
    rate = 1.0 / statistics.median(times)
    print(json.dumps({"scenarios_per_second": rate, "worst_disagreement": worst}))


if __name__ == "__main__":
    main()
