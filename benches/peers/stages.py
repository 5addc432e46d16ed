"""The shipped chain as its equations stand, stage after stage, with the operating rule over them.

A stream holds flows (mol/s) by species; a stage makes streams of streams. Nothing is summed up
across stages: each multiplies, adds or divides what comes in at its inlets. What does not vary is a
float, and a species that can never be there is left out. The opening of a supply comes with its
slope, so that every flow does.

The rule walks along each supply in turn as the crate does: from shut to the nearest of what the
straight line says of a limit, just past where an inner inlet's stop changes, and the whole of it.
"""

from arithmetic import Slope, at_least_zero, least, minus, over, plain, plus, times
from by_hand import CHAYANDA, ETHYLENE, KOVYKTA, MASS, OLEFINS, PENTANES, PROPYLENE
from walk import DEMAND, FEED, FULLY_DRAWN, GOING, HOLDS_WITHIN, PAST_EVENT, REACHED_WITHIN

import plant

SMALLEST = 1e-30  # of what is divided by, where it may be none at all


def stream(flows):
    """A stream without what is never there."""
    return {name: flow for name, flow in flows.items() if not (plain(flow) and flow == 0.0)}


def scaled(feed, share):
    """A share of a stream."""
    return stream({name: times(share, flow) for name, flow in feed.items()})


def divided(feed, share):
    """A share of a stream, and the rest of it."""
    return scaled(feed, share), scaled(feed, minus(1.0, share))


def blend(*feeds):
    """All streams in one."""
    names = dict.fromkeys(name for feed in feeds for name in feed)
    return {name: plus(*(feed[name] for feed in feeds if name in feed)) for name in names}


def separate(feed, recoveries):
    """What is recovered of each species, and the rest."""
    product = stream({name: times(r, feed[name]) for name, r in recoveries.items() if name in feed})
    rest = {
        name: times(minus(1.0, recoveries[name]), flow) if name in recoveries else flow
        for name, flow in feed.items()
    }
    return product, stream(rest)


def volume(feed):
    """All moles."""
    return plus(*feed.values())


def mass(feed):
    """All kilograms."""
    return plus(*(times(MASS[name], flow) for name, flow in feed.items()))


def most(xp, a, b):
    """The larger of two."""
    return times(-1.0, least(xp, times(-1.0, a), times(-1.0, b)))


class Chain:
    """The chain, with values by address: floats, or arrays of the library `xp`."""

    def __init__(self, v, xp):
        self.xp, self.v = xp, v
        self.left = {  # of what enters a line
            line: minus(1.0, times(v[f"{line}.own_needs"], v[f"{line}.length"]))
            for line in ("kovykta_line", "trunk_line", "border_line")
        }
        self.demand = v["heihe.demand"]
        self.feed = times(v["gpp.trains"], v["gpp.train_size"], v["gpp.availability"])
        self.helium_units = times(
            v["gpp.helium.units"], v["gpp.helium.unit_size"], v["gpp.helium.availability"]
        )
        self.limits = (  # of the complex: feed of the furnaces, ethylene, polyethylene
            times(v["gcc.furnaces"], v["gcc.availability"]),
            times(v["gcc.crack.ethylene"], v["gcc.availability"]),
            times(v["gcc.pe.capacity"], v["gcc.pe.availability"]),
        )
        self.pp_capacity = times(v["gcc.pp.capacity"], v["gcc.pp.availability"])

    # the fields and the lines

    def chayanda(self, opening):
        """What the field delivers, once through its membrane."""
        v = self.v
        flow = times(v["chayanda.flow"], opening)
        gas = {name: times(share, flow) for name, share in CHAYANDA.items()}
        _, gas = separate(
            gas,
            {
                "helium": v["membrane.helium"],
                "hydrogen": v["membrane.hydrogen"],
                "carbon dioxide": v["membrane.carbon_dioxide"],
                "nitrogen": v["membrane.nitrogen"],
                "methane": v["membrane.methane"],
            },
        )
        return gas

    def kovykta(self, opening):
        """What the field delivers at the end of its line."""
        flow = times(self.v["kovykta.flow"], opening)
        gas = {name: times(share, flow) for name, share in KOVYKTA.items()}
        return scaled(gas, self.left["kovykta_line"])

    # the plant

    def plant(self, feed):
        """Its products by name, and what is zero where the stop of the helium units changes."""
        v = self.v
        _, gas = separate(feed, {"carbon dioxide": v["gpp.treating.removed"]})
        heavy = {name: v["gpp.ngl.c5_plus"] for name in (*PENTANES, "n-hexane")}
        butanes = {name: v["gpp.ngl.butanes"] for name in ("isobutane", "n-butane")}
        ethane = {"ethane": v["gpp.ngl.ethane"], "methane": v["gpp.ngl.methane_in_ethane"]}
        ethane, gas = separate(gas, ethane)
        propane, gas = separate(gas, {"propane": v["gpp.ngl.propane"]})
        butanes, gas = separate(gas, butanes)
        heavy, overhead = separate(gas, heavy)

        helium, back, change = self.helium(overhead)
        residue = scaled(back, minus(1.0, v["gpp.fuel.share"]))

        with_propane, ethane = separate(ethane, {"ethane": v["gpp.deethanizer.ethane_in_propane"]})
        with_butanes, propane = separate(
            propane, {"propane": v["gpp.depropanizer.propane_in_butanes"]}
        )
        left_in_c4 = v["gpp.debutanizer.c5_in_butanes"]
        from_heavy, c5_c6 = separate(heavy, {name: left_in_c4 for name in PENTANES})
        products = {
            "residue": residue,
            "helium": helium,
            "ethane": ethane,
            "propane": blend(propane, with_propane),
            "butanes": blend(butanes, with_butanes, from_heavy),
            "c5_c6": c5_c6,
        }
        return products, change

    def helium(self, overhead):
        """Helium, the gas that comes back, and what is zero where the units are just filled."""
        made = self.purified(self.cold_box(overhead)[0])[0]["helium"]
        share = least(self.xp, 1.0, over(self.helium_units, made))
        treated, untreated = divided(overhead, share)
        cold, gas = self.cold_box(treated)
        product, nitrogen = self.purified(cold)
        returned = scaled(nitrogen, minus(1.0, self.v["gpp.nitrogen.rejected"]))
        return product, blend(gas, returned, untreated), minus(made, self.helium_units)

    def cold_box(self, feed):
        """Its overhead and the gas."""
        v = self.v
        recovery = {
            "helium": v["gpp.helium.recovery"],
            "nitrogen": v["gpp.helium.cold_box.nitrogen"],
            "methane": v["gpp.helium.methane_slip"],
        }
        return separate(feed, recovery)

    def purified(self, overhead):
        """The product and the nitrogen."""
        v = self.v
        recovery = {
            "helium": v["gpp.helium.purification.helium"],
            "nitrogen": v["gpp.helium.impurity"],
        }
        return separate(overhead, recovery)

    # the complex

    def polymers(self, ethane, propane, butanes):
        """Feed of the furnaces, ethylene and polyethylene (kg/s), and propylene (mol/s)."""
        v = self.v
        treated, past = divided(propane, v["gcc.pdh.share"])
        converted = times(v["gcc.pdh.conversion"], treated.get("propane", 0.0))
        effluent = {
            "propylene": times(v["gcc.pdh.selectivity"], converted),
            "ethylene": times(minus(1.0, v["gcc.pdh.selectivity"]), converted),
        }
        if "propane" in treated:
            treated = {**treated, "propane": minus(treated["propane"], converted)}
        feed = blend(ethane, treated, past, butanes)

        def made(olefin, joins):
            parts = (times(pair[olefin], feed[f]) for f, pair in OLEFINS.items() if f in feed)
            return plus(*parts, joins)

        ethylene = made(ETHYLENE, effluent["ethylene"])
        propylene = made(PROPYLENE, effluent["propylene"])
        reacted = times(v["gcc.metathesis.share"], ethylene)
        left = minus(ethylene, reacted)
        homopolymer = over(times(MASS["ethylene"], left), v["gcc.pe.monomer_use"])
        polymer = over(homopolymer, minus(1.0, v["gcc.pe.comonomer"]))
        on_grade = times(polymer, minus(1.0, v["gcc.pe.off_grade"]))
        uses = (mass(feed), times(MASS["ethylene"], ethylene), on_grade)
        return uses, plus(propylene, times(2.0, reacted))

    def complex(self, ethane, propane, butanes):
        """Streams taken of ethane and of propane and butanes, streams that go back and by rail,
        and what is zero where the stop of an inlet changes."""
        xp, v = self.xp, self.v
        offered = mass(ethane)
        share = least(xp, 1.0, over(v["ethane_gate.contract"], offered))
        contracted, surplus = divided(ethane, share)
        changes = [minus(offered, v["ethane_gate.contract"])]

        def takes(room, uses):
            changes.extend(minus(use, left) for use, left in zip(uses, room))
            share = least(xp, 1.0, *(over(left, use) for use, left in zip(uses, room)))
            return at_least_zero(xp, share)

        def less(room, share, uses):
            return tuple(minus(left, times(share, use)) for left, use in zip(room, uses))

        uses, _ = self.polymers(contracted, {}, {})
        share = takes(self.limits, uses)
        room = less(self.limits, share, uses)
        taken, back = divided(contracted, share)

        uses, _ = self.polymers({}, propane, butanes)
        share = takes(room, uses)
        room = less(room, share, uses)
        propane, propane_by_rail = divided(propane, share)
        butanes, butanes_by_rail = divided(butanes, share)

        extra = v["gcc.extra_ethane"]
        if plain(extra) and extra == 0.0:
            more, left = {}, surplus
        else:
            uses, _ = self.polymers(surplus, {}, {})
            uses = (mass(surplus), *uses)
            uses = tuple(most(xp, use, SMALLEST) for use in uses)
            more, left = divided(surplus, takes((extra, *room), uses))
        going_in = (blend(taken, more), propane, butanes)
        return going_in, (back, left), (propane_by_rail, butanes_by_rail), changes

    # all of it

    def spare(self):
        """What the tighter limit has left beside the whole of the first supply: where it is some,
        that is drawn in full, since no gas is added on its way."""
        return minus(least(self.xp, self.demand, self.feed), self.v["chayanda.flow"])

    def run(self, *fields):
        """All stages that the border depends on, of what the fields send into the trunk line."""
        arriving = scaled(blend(*fields), self.left["trunk_line"])
        products, change = self.plant(arriving)
        going_in, back, by_rail, changes = self.complex(
            products["ethane"], products["propane"], products["butanes"]
        )
        sales = scaled(blend(products["residue"], *back), self.left["border_line"])
        return arriving, products, going_in, by_rail, sales, (change, *changes)

    def results(self, first, second):
        """All outputs but what stopped the second supply."""
        v = self.v
        arriving, products, going_in, by_rail, sales, _ = self.run(
            self.chayanda(first), self.kovykta(second)
        )
        (_, _, polyethylene), propylene = self.polymers(*going_in)
        polymer = over(times(MASS["propylene"], propylene), v["gcc.pp.monomer_use"])
        on_grade = times(polymer, minus(1.0, v["gcc.pp.off_grade"]))
        share = least(self.xp, 1.0, over(self.pp_capacity, on_grade))
        bcm, mt = 1.0 / plant.BCM_PER_YEAR, 1.0 / plant.MT_PER_YEAR
        return (
            times(bcm, volume(sales)),
            times(bcm, volume(products["helium"])),
            times(mt, mass(products["c5_c6"])),
            times(mt, plus(*(mass(part) for part in by_rail))),
            times(mt, polyethylene),
            times(mt, share, on_grade),
            over(volume(arriving), self.feed),
            times(bcm, v["kovykta.flow"], second),
        )

    def step(self, base, field, here):
        """The next opening of a field on top of others, and what stopped it here, if it did."""
        xp = self.xp
        arriving, _, _, _, sales, changes = self.run(*base, field(Slope(here, 1.0)))
        feed, demand = minus(volume(arriving), self.feed), minus(volume(sales), self.demand)
        target, status, broken = 1.0, GOING, None
        for slack, capacity, stop in ((feed, self.feed, FEED), (demand, self.demand, DEMAND)):
            rises = slack.slope if plain(slack.slope) else xp.maximum(slack.slope, 1e-300)
            target = least(xp, target, here - over(slack.value, rises))
            near = xp.maximum(slack.value, slack.value * -1.0) <= times(capacity, REACHED_WITHIN)
            # the first declared comes last: where both are reached, it is the one
            status = xp.where(near, stop, status)
            over_it = minus(slack.value, times(capacity, HOLDS_WITHIN))
            broken = over_it if broken is None else xp.maximum(broken, over_it)
        event = None
        for change in changes:
            if not isinstance(change, Slope) or (plain(change.slope) and change.slope == 0.0):
                continue
            ahead = over(times(change.value, -1.0), change.slope)
            ahead = xp.where(0.0 < ahead, ahead, 1e300)
            event = ahead if event is None else xp.minimum(event, ahead)
        past = xp.maximum((here + event) * PAST_EVENT, here * PAST_EVENT)
        target = xp.where(0.0 < broken, target, xp.minimum(target, past))
        status = xp.where(1.0 <= here, FULLY_DRAWN, status)
        status = xp.where(0.0 < broken, GOING, status)
        return xp.where(0.0 < status, here, target), status
