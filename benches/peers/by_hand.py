"""The shipped chain solved by hand: what is linear in the two supplies is summed up to a few
numbers a scenario, which leaves the operating rule one equation in one unknown.

The unknown is the gas of a supply that arrives at the plant, W (mol/s). What the border sees,

    V(W) = k (residue(W) + ethane that comes back(W)),

never falls as W grows: a mole of gas brings more residue than it displaces. So the one opening at
which `heihe.demand` is reached is the first. V is straight between the openings at which the
helium units are full and the complex takes no more ethane, and the largest of four straight lines;
only where nitrogen is vented, or methane leaves with the ethane, or more ethane is taken than the
contract has, do shares of a changing composition curve it.
"""

import plant
from arithmetic import Slope, at_least_zero, least, minus, over, plain, plus, times

MASS = plant.MOLAR_MASS
OLEFINS = plant.cracked()
CHAYANDA = plant.composition("chayanda")
KOVYKTA = plant.composition("kovykta")
MEMBRANE = {
    "methane": "membrane.methane",
    "nitrogen": "membrane.nitrogen",
    "carbon dioxide": "membrane.carbon_dioxide",
    "helium": "membrane.helium",
    "hydrogen": "membrane.hydrogen",
}
PENTANES = ("isopentane", "n-pentane")
ETHYLENE, PROPYLENE = 0, 1

# what the border depends on where it is straight, and what more where it is not
STRAIGHT = ("arriving", "overhead", "helium", "ethane")
CURVED = (*STRAIGHT, "nitrogen", "methane", "slipped", "furnaces", "ethylene")
# what the results need beside
RESULTS = ("furnaces", "ethylene", "propylene", "lpg", "c5_c6")


class Forms:
    """What a mole of a supply's gas, once at the plant, brings to each place that a limit or a
    result looks at: moles, but kg of `lpg`, `furnaces` and `c5_c6`."""

    def __init__(self, v, gas):
        propane = times(v["gpp.ngl.propane"], gas["propane"])
        isobutane = times(v["gpp.ngl.butanes"], gas["isobutane"])
        butane = times(v["gpp.ngl.butanes"], gas["n-butane"])
        pentanes = times(v["gpp.ngl.c5_plus"], sum(gas[species] for species in PENTANES))
        hexane = times(v["gpp.ngl.c5_plus"], gas["n-hexane"])
        ethane = times(v["gpp.ngl.ethane"], gas["ethane"])
        removed = times(v["gpp.treating.removed"], gas["carbon dioxide"])
        self.arriving = plus(*gas.values())
        self.slipped = times(v["gpp.ngl.methane_in_ethane"], gas["methane"])
        liquids = (ethane, self.slipped, propane, isobutane, butane, pentanes, hexane)
        self.overhead = minus(self.arriving, removed, *liquids)
        self.helium = gas["helium"]
        self.nitrogen = gas["nitrogen"]
        self.methane = minus(gas["methane"], self.slipped)
        with_propane = times(v["gpp.deethanizer.ethane_in_propane"], ethane)
        self.ethane = minus(ethane, with_propane)
        with_butanes = times(v["gpp.debutanizer.c5_in_butanes"], pentanes)
        self.c5_c6 = plus(
            times(MASS["n-pentane"], minus(pentanes, with_butanes)), times(MASS["n-hexane"], hexane)
        )
        self.lpg = plus(
            times(MASS["propane"], propane),
            times(MASS["n-butane"], plus(isobutane, butane)),
            times(MASS["ethane"], with_propane),
            times(MASS["n-pentane"], with_butanes),
        )
        # of the propane that does not leave with the butanes, some is dehydrogenated
        alone = minus(1.0, v["gpp.depropanizer.propane_in_butanes"])
        converted = times(v["gcc.pdh.share"], v["gcc.pdh.conversion"], alone, propane)
        self.furnaces = minus(self.lpg, times(MASS["propane"], converted))
        selectivity = v["gcc.pdh.selectivity"]

        def made(olefin, dehydrogenated):
            per_mole = {feed: pair[olefin] for feed, pair in OLEFINS.items()}
            return plus(
                times(per_mole["propane"], propane),
                times(dehydrogenated - per_mole["propane"], converted),
                times(per_mole["n-butane"], butane),
                times(per_mole["isobutane"], isobutane),
                times(per_mole["ethane"], with_propane),
            )

        self.ethylene = made(ETHYLENE, 1.0 - selectivity)
        self.propylene = made(PROPYLENE, selectivity)


class Flows:
    """Flows by the names of :class:`Forms`."""

    def __init__(self, **flows):
        vars(self).update(flows)


class Study:
    """The chain, with values by address: floats, or arrays of the library `xp`."""

    def __init__(self, v, xp):
        self.xp = xp
        kept = {
            species: times(share, minus(1.0, v[MEMBRANE[species]])) if species in MEMBRANE else share
            for species, share in CHAYANDA.items()
        }
        self.first, self.second = Forms(v, kept), Forms(v, KOVYKTA)

        def left(line):
            return minus(1.0, times(v[f"{line}.own_needs"], v[f"{line}.length"]))

        # of a mole offered, what arrives at the plant (for chayanda, but for what its membrane
        # takes of single species)
        self.first_offered = times(v["chayanda.flow"], left("trunk_line"))
        self.second_arrives = times(left("kovykta_line"), left("trunk_line"))
        self.second_offered = times(v["kovykta.flow"], self.second_arrives)

        self.left_by_border = left("border_line")
        self.wanted = over(v["heihe.demand"], self.left_by_border)
        self.feed = times(v["gpp.trains"], v["gpp.train_size"], v["gpp.availability"])
        self.left_by_fuel = minus(1.0, v["gpp.fuel.share"])

        # helium, and what else of the overhead of the cold box does not come back to the gas
        purified, recovery = v["gpp.helium.purification.helium"], v["gpp.helium.recovery"]
        rejected, self.impurity = v["gpp.nitrogen.rejected"], v["gpp.helium.impurity"]
        self.helium_made = times(recovery, purified)
        self.helium_units = times(
            v["gpp.helium.units"], v["gpp.helium.unit_size"], v["gpp.helium.availability"]
        )
        self.nitrogen_gone = plus(self.impurity, times(rejected, minus(1.0, self.impurity)))
        self.helium_vented = times(rejected, recovery, minus(1.0, purified))
        self.methane_vented = times(rejected, v["gpp.helium.methane_slip"])

        # the complex: its two limits on ethylene are one
        self.contract, self.extra = v["ethane_gate.contract"], v["gcc.extra_ethane"]
        self.furnaces = times(v["gcc.furnaces"], v["gcc.availability"])
        self.metathesis = v["gcc.metathesis.share"]
        homopolymer = over(over(MASS["ethylene"], v["gcc.pe.monomer_use"]), minus(1.0, v["gcc.pe.comonomer"]))
        self.polyethylene = times(
            homopolymer, minus(1.0, v["gcc.pe.off_grade"]), minus(1.0, self.metathesis)
        )
        self.ethylene = least(
            xp,
            times(v["gcc.crack.ethylene"], v["gcc.availability"], 1.0 / MASS["ethylene"]),
            over(times(v["gcc.pe.capacity"], v["gcc.pe.availability"]), self.polyethylene),
        )
        self.polypropylene = times(
            over(MASS["propylene"], v["gcc.pp.monomer_use"]), minus(1.0, v["gcc.pp.off_grade"])
        )
        self.pp_capacity = times(v["gcc.pp.capacity"], v["gcc.pp.availability"])

        bends = (self.nitrogen_gone, self.helium_vented, self.extra, self.first.slipped)
        self.straight = all(plain(bend) and bend == 0.0 for bend in bends)
        self.looked_at = STRAIGHT if self.straight else CURVED
        if self.straight:
            by_mass = times(least(xp, self.contract, self.furnaces), 1.0 / MASS["ethane"])
            by_olefin = times(self.ethylene, 1.0 / OLEFINS["ethane"][ETHYLENE])
            self.most_ethane = least(xp, by_mass, by_olefin)

    def flows(self, first, second, names):
        """What so much gas of the two supplies at the plant brings."""
        found = {}
        for name in names:
            one, other = getattr(self.first, name), getattr(self.second, name)
            found[name] = plus(times(one, first), times(other, second))
        return Flows(**found)

    def residue_and_helium(self, f):
        """Residue gas and helium product, mol/s."""
        made = times(self.helium_made, f.helium)
        if self.straight:
            product = least(self.xp, made, self.helium_units)
            return times(self.left_by_fuel, f.overhead - product), product
        treated = least(self.xp, 1.0, self.helium_units / made)
        gone = plus(
            made,
            times(self.nitrogen_gone, f.nitrogen),
            times(self.helium_vented, f.helium),
            times(self.methane_vented, f.methane),
        )
        product = times(treated, plus(made, times(self.impurity, f.nitrogen)))
        return times(self.left_by_fuel, f.overhead - treated * gone), product

    def shares(self, f):
        """Shares that the complex takes of the ethane line and of propane and butanes: ethane by
        contract first, then propane and butanes, then what ethane is left over."""
        xp, per_ethane = self.xp, OLEFINS["ethane"][ETHYLENE]
        if self.straight:
            taken = least(xp, f.ethane, self.most_ethane)
            mass, olefin = times(MASS["ethane"], taken), times(per_ethane, taken)
            lpg = self.lpg_share(f, self.furnaces - mass, self.ethylene - olefin)
            return taken, f.ethane - taken, lpg
        mass = plus(times(MASS["ethane"], f.ethane), times(MASS["methane"], f.slipped))
        olefin = times(per_ethane, f.ethane)
        contracted = least(xp, 1.0, self.contract / mass)
        by_olefin = self.ethylene / olefin
        share = least(xp, contracted, self.furnaces / mass, by_olefin)
        room, olefin_room = self.furnaces - share * mass, self.ethylene - share * olefin
        lpg = self.lpg_share(f, room, olefin_room)
        if not (plain(self.extra) and self.extra == 0.0):
            by_mass = least(xp, self.extra, room - lpg * f.furnaces) / mass
            by_olefin = (olefin_room - lpg * f.ethylene) / olefin
            extra = least(xp, minus(1.0, contracted), by_mass, by_olefin)
            share = share + at_least_zero(xp, extra)
        line = plus(f.ethane, f.slipped)
        return share * f.ethane, line - share * line, lpg

    def lpg_share(self, f, room, olefin_room):
        """Share of propane and butanes that so much room in furnaces and ethylene section takes."""
        share = least(self.xp, 1.0, over(room, f.furnaces), over(olefin_room, f.ethylene))
        return at_least_zero(self.xp, share)

    def border(self, f):
        """What leaves for the border, mol/s."""
        residue, _ = self.residue_and_helium(f)
        if self.straight:
            return residue + (f.ethane - least(self.xp, f.ethane, self.most_ethane))
        _, back, _ = self.shares(f)
        return residue + back

    def reached(self, base):
        """How much of the second gas fills the border, on top of what flows already: what leaves
        for it is the largest of four straight lines, so that the first to get there counts."""
        residue = self.wanted - times(self.left_by_fuel, base.overhead)
        rise = times(self.left_by_fuel, self.second.overhead)
        made = times(self.left_by_fuel, self.helium_made)
        full = times(self.left_by_fuel, self.helium_units)
        back = base.ethane - self.most_ethane
        slow, fast = minus(rise, times(made, self.second.helium)), rise
        early, late = residue + times(made, base.helium), plus(residue, full)
        lines = (
            (early, slow),
            (late, fast),
            (early - back, slow + self.second.ethane),
            (late - back, fast + self.second.ethane),
        )
        return least(self.xp, *(over(lacking, slope) for lacking, slope in lines))

    def seen(self, base, second):
        """What leaves for the border with so much of the second gas, with its slope."""
        found = {}
        for name in self.looked_at:
            form = getattr(self.second, name)
            found[name] = Slope(plus(getattr(base, name), times(form, second)), form)
        return self.border(Flows(**found))

    def results(self, first, second):
        """All outputs but what stopped the second supply."""
        names = tuple(dict.fromkeys((*self.looked_at, *RESULTS)))
        f = self.flows(first, second, names)
        residue, helium = self.residue_and_helium(f)
        taken, back, lpg = self.shares(f)
        ethylene = plus(times(OLEFINS["ethane"][ETHYLENE], taken), lpg * f.ethylene)
        propylene = plus(
            times(OLEFINS["ethane"][PROPYLENE], taken),
            lpg * f.propylene,
            times(2.0, self.metathesis, ethylene),
        )
        bcm, mt = 1.0 / plant.BCM_PER_YEAR, 1.0 / plant.MT_PER_YEAR
        polypropylene = least(self.xp, times(self.polypropylene, propylene), self.pp_capacity)
        return (
            times(self.left_by_border, bcm, residue + back),
            times(bcm, helium),
            times(mt, f.c5_c6),
            times(mt, f.lpg - lpg * f.lpg),
            times(mt, self.polyethylene, ethylene),
            times(mt, polypropylene),
            over(f.arriving, self.feed),
            times(bcm, over(second, self.second_arrives)),
        )
