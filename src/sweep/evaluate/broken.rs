//! Which limits are broken, in every recording, whatever is asked for.
//!
//! A limit that stops every inlet it could is held by the rule; all others are judged here as a
//! result judges them. What is told of many limits is one number: a bit each.

use crate::chain::{Chain, LimitId, OUTERMOST, PlacedLimit, PlacedLoad, Recorded};
use crate::limit::Direction;
use crate::param::{NumberAt, Values};
use crate::scalar::Scalar;
use crate::solved::{HOLDS_WITHIN, ROUNDING_OF_ALL, Solved};
use crate::sweep::block::LIMITS_PER_WORD;
use crate::tape::{Id, Traced};

/// How many numbers tell which of a chain's limits are broken.
pub(super) fn count(chain: &Chain) -> usize {
    chain.tree.limits.len().div_ceil(LIMITS_PER_WORD)
}

/// The numbers whose bits tell which limits are broken.
pub(super) fn words(chain: &Chain, values: &Values, recorded: &Recorded) -> Vec<Id> {
    let mut words = vec![Traced::zero(); count(chain)];
    for limit in chain.tree.limits.ids().iter() {
        if is_held(&chain.tree.limits[limit], chain, values) {
            continue;
        }
        let (word, bit) = place(limit);
        words[word] += node(limit, chain, values, recorded).scaled((1_u64 << bit) as f64);
    }
    words.into_iter().map(Traced::id).collect()
}

/// The same of a result, each to be put in its place.
pub(super) fn of(solved: &Solved, mut put: impl FnMut(usize, u64)) {
    let chain = solved.chain();
    let mut words = chain.tree.limits.ids().iter().peekable();
    for word in 0..count(chain) {
        let mut bits = 0;
        while let Some(limit) = words.next_if(|&limit| place(limit).0 == word) {
            bits |= u64::from(solved.is_broken(limit)) << place(limit).1;
        }
        put(word, bits);
    }
}

/// A limit's number and bit.
pub(super) const fn place(limit: LimitId) -> (usize, usize) {
    (limit.index() / LIMITS_PER_WORD, limit.index() % LIMITS_PER_WORD)
}

/// Whether the rule sees to it that a limit holds: it stops all inlets of its chain, if it is told
/// to where it has to be. One that names some may have to be given up.
fn is_held(limit: &PlacedLimit, chain: &Chain, values: &Values) -> bool {
    let told = limit.told.map_or(limit.by_itself, |told| values.choices[told] == 1);
    let Some(first) = limit.throttles.first() else { return false };
    let level = &chain.tree.levels[chain.tree.inlets[*first].level];
    told && level.inlets.iter().all(|inlet| limit.throttles.contains(inlet))
}

/// 1 where a limit is broken, 0 where it holds or cannot be judged.
pub(super) fn node(id: LimitId, chain: &Chain, values: &Values, recorded: &Recorded) -> Traced {
    let limit = &chain.tree.limits[id];
    let no = Traced::zero();
    if !limit.is_known(values) {
        return no;
    }
    let number = |product: Traced, &at: &NumberAt| product * recorded.numbers[at];
    let capacity = limit.numbers(values).iter().fold(Traced::one(), number);
    let (load, any, more_than_rounding) = match &limit.load {
        PlacedLoad::Port { stream, load: measured } => {
            let stream = &recorded.streams[*stream];
            let (load, whole) = measured.load_and_whole(stream);
            let beside = capacity * whole;
            let over = match limit.direction {
                Direction::AtMost => load - beside,
                Direction::AtLeast => beside - load,
            };
            let most = measured.most_per_mole() * ROUNDING_OF_ALL;
            let over = over - accepted(chain, recorded).scaled(most);
            (load.share_of(whole), measured.known(stream, whole), over)
        }
        PlacedLoad::Stated(load) if recorded.states[*load] => {
            (recorded.stated[*load], Traced::one(), Traced::one())
        }
        PlacedLoad::Stated(_) => return no,
    };
    let (load, capacity) = (limit.unit.shown(load), limit.unit.shown(capacity));
    let off = match limit.direction {
        Direction::AtMost => load - capacity,
        Direction::AtLeast => capacity - load,
    };
    let off = off - load.max(capacity).scaled(HOLDS_WITHIN);
    Traced::select(any.min(more_than_rounding).min(off), Traced::one(), no)
}

/// What the outermost chain accepts, mol/s.
fn accepted(chain: &Chain, recorded: &Recorded) -> Traced {
    let outermost = chain.tree.inlets.iter().filter(|inlet| inlet.level == OUTERMOST);
    let flows = outermost.flat_map(|inlet| &recorded.streams[inlet.accepted]);
    flows.fold(Traced::zero(), |sum, &flow| sum + flow)
}
