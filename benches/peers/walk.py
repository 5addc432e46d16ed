"""The operating rule as the crate runs it, for the peers: along each supply in turn, from where it
is shut, from one place where a slope changes to the next, until a limit is reached.

At each place the chain is worked out with slopes along the opening. The next place is the nearest
of: where a limit is reached on a straight line, just past where an inner inlet's stop changes, the
whole of what is offered. Beyond a limit (a curve went faster than its tangent) the straight line
leads back.

The crate's program takes the same steps; scenarios that leave it in doubt go on with a longer walk.
Here, where the border is curved, changes that depend on the ethane line's composition are not seen
from the shut end, and are stepped over once.
"""

from arithmetic import Slope, least, minus, over, plain, plus, times
from by_hand import ETHYLENE, MASS, OLEFINS, Flows

REACHED_WITHIN = 1e-14
HOLDS_WITHIN = 1e-12
PAST_EVENT = 1.0 + 1e-13
GOING, DEMAND, FEED, FULLY_DRAWN = (float(status) for status in range(4))


def names(study):
    """What has to be known of the flows."""
    return tuple(dict.fromkeys((*study.looked_at, "furnaces", "ethylene")))


def spare(study):
    """What the tighter limit has left beside the whole of the first supply: where it is some, that
    is drawn in full, since no gas is added on its way."""
    return minus(least(study.xp, study.wanted, study.feed), study.first_offered)


def flows(study, base, forms, here):
    """All flows with so much of one gas on top of a base, with their slopes."""
    found = {}
    for name in names(study):
        form = getattr(forms, name)
        found[name] = Slope(plus(getattr(base, name), times(form, here)), form)
    return Flows(**found)


def changes(s, f):
    """What is zero where the stop of an inner inlet changes: helium units, the ethane contract,
    the complex's limits with its ethane, and with propane and butanes beside."""
    xp, per_ethane = s.xp, OLEFINS["ethane"][ETHYLENE]
    made = times(s.helium_made, f.helium)
    mass = times(MASS["ethane"], f.ethane)
    if not s.straight:
        mass = plus(mass, times(MASS["methane"], f.slipped))
    olefin = times(per_ethane, f.ethane)
    per_mass = per_ethane / MASS["ethane"] if s.straight else olefin / mass
    offered = least(xp, mass, s.contract)
    taken = least(xp, offered, s.furnaces, over(s.ethylene, per_mass))
    return (
        minus(made, s.helium_units),
        minus(mass, s.contract),
        minus(offered, s.furnaces),
        minus(times(per_mass, offered), s.ethylene),
        minus(plus(taken, f.furnaces), s.furnaces),
        minus(plus(times(per_mass, taken), f.ethylene), s.ethylene),
    )


def step(s, base, forms, offered, here):
    """The next place, and what stopped the supply here, if anything did."""
    xp = s.xp
    f = flows(s, base, forms, here)
    demand, feed = minus(s.border(f), s.wanted), minus(f.arriving, s.feed)
    target, status, broken = offered, GOING, None
    for slack, capacity, stop in ((feed, s.feed, FEED), (demand, s.wanted, DEMAND)):
        rises = slack.slope if plain(slack.slope) else xp.maximum(slack.slope, 1e-300)
        target = least(xp, target, here - over(slack.value, rises))
        near = xp.maximum(slack.value, slack.value * -1.0) <= times(capacity, REACHED_WITHIN)
        # the first declared comes last: where both are reached, it is the one
        status = xp.where(near, stop, status)
        over_it = minus(slack.value, times(capacity, HOLDS_WITHIN))
        broken = over_it if broken is None else xp.maximum(broken, over_it)
    event = None
    for change in changes(s, f):
        if plain(change.slope) and change.slope == 0.0:
            continue
        ahead = over(times(change.value, -1.0), change.slope)
        ahead = xp.where(0.0 < ahead, ahead, 1e300)
        event = ahead if event is None else xp.minimum(event, ahead)
    past = xp.maximum((here + event) * PAST_EVENT, here * PAST_EVENT)
    target = xp.where(0.0 < broken, target, xp.minimum(target, past))
    status = xp.where(offered <= here, FULLY_DRAWN, status)
    status = xp.where(0.0 < broken, GOING, status)
    return xp.where(0.0 < status, here, target), status
