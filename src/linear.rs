//! The one linear solver: what flows through each node when shares of it go on to others.
//!
//! *In:* what comes to each node from outside, the share of its flow that goes on to each other
//! node, and the share that *leaves*. *Out:* the flow through every node. *Order:* a [`Pattern`]
//! says once who sends to whom and in which order nodes are eliminated; shares are eliminated by
//! it, and then any number of flows solved.
//!
//! Flows have to be counted so that nothing is made or lost between nodes (by mass, where species
//! react): a node's shares, with what it sends to itself, then sum to 1. The elimination is that of
//! Grassmann, Taksar and Heyman (1985, Operations Research 33, 1107): a pivot is the sum of what
//! leaves and what goes on, never 1 less what comes back, so that nothing is ever subtracted and
//! every flow has the relative precision of the shares, however little leaves. What never leaves
//! has no flow where nothing comes in, and no solution where something does.

use crate::scalar::Scalar;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::ops::Range;

/// Who sends to whom, and the order in which nodes are eliminated: of those that are left, always
/// the one through which the fewest ways lead on.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Pattern {
    /// By node: its ways to others, with their places among the shares. Ways that only the
    /// elimination opens are among them.
    ways: Vec<Vec<(u32, u32)>>,
    shares: usize,
    /// In the order of elimination.
    steps: Vec<Step>,
    onward: Vec<Way>,
    senders: Vec<Sender>,
    /// Shares that grow by a part of others: each sender's, one sender after another.
    detours: Vec<Detour>,
}

/// A node being eliminated.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    node: u32,
    /// Ways to nodes that are eliminated later.
    onward: Range<u32>,
    /// Nodes eliminated later that send here.
    senders: Range<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Way {
    to: u32,
    share: u32,
}

#[derive(Debug, Clone, PartialEq)]
struct Sender {
    from: u32,
    share: u32,
    detours: Range<u32>,
}

/// What a sender sends on through the node eliminated.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Detour {
    /// The share that grows.
    share: u32,
    /// The share of the node eliminated that it grows by a part of.
    of: u32,
}

/// A node that flow comes to and never leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trapped(pub usize);

#[allow(clippy::cast_possible_truncation, reason = "nodes and ways are far below 2^32")]
const fn small(number: usize) -> u32 {
    number as u32
}

impl Pattern {
    /// The pattern of so many nodes, in which some send to others (which may be named twice; what a
    /// node sends to itself does not count).
    pub fn new(nodes: usize, sends: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut ways: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::new(); nodes];
        let mut sources: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); nodes];
        let mut shares = 0;
        for (from, to) in sends.into_iter().filter(|(from, to)| from != to) {
            ways[from].entry(small(to)).or_insert_with(|| {
                shares += 1;
                shares - 1
            });
            sources[to].insert(small(from));
        }
        let mut pattern = Self::default();
        let mut left = ways.clone();
        let cost = |left: &[BTreeMap<u32, u32>], sources: &[BTreeSet<u32>], node: usize| {
            left[node].len() * sources[node].len()
        };
        let mut next: BinaryHeap<Reverse<(usize, usize)>> =
            (0..nodes).map(|node| Reverse((cost(&left, &sources, node), node))).collect();
        let mut done = vec![false; nodes];
        while let Some(Reverse((expected, node))) = next.pop() {
            // what it costs may have changed since: then it stands in the queue anew
            if done[node] || expected != cost(&left, &sources, node) {
                continue;
            }
            done[node] = true;
            let own = std::mem::take(&mut left[node]);
            let from = std::mem::take(&mut sources[node]);
            let first_onward = small(pattern.onward.len());
            pattern.onward.extend(own.iter().map(|(&to, &share)| Way { to, share }));
            let first_sender = small(pattern.senders.len());
            for &sender in &from {
                let first_detour = small(pattern.detours.len());
                let share = left[sender as usize].remove(&small(node)).unwrap_or_default();
                for (&to, &of) in own.iter().filter(|(to, _)| **to != sender) {
                    let share = *left[sender as usize].entry(to).or_insert_with(|| {
                        shares += 1;
                        ways[sender as usize].insert(to, shares - 1);
                        shares - 1
                    });
                    sources[to as usize].insert(sender);
                    pattern.detours.push(Detour { share, of });
                }
                let detours = first_detour..small(pattern.detours.len());
                pattern.senders.push(Sender { from: sender, share, detours });
            }
            for &to in own.keys() {
                sources[to as usize].remove(&small(node));
            }
            pattern.steps.push(Step {
                node: small(node),
                onward: first_onward..small(pattern.onward.len()),
                senders: first_sender..small(pattern.senders.len()),
            });
            for changed in own.into_keys().chain(from) {
                let changed = changed as usize;
                next.push(Reverse((cost(&left, &sources, changed), changed)));
            }
        }
        pattern.shares = shares as usize;
        pattern.ways = ways.into_iter().map(|own| own.into_iter().collect()).collect();
        pattern
    }

    /// How many nodes there are.
    pub const fn nodes(&self) -> usize {
        self.ways.len()
    }

    /// How many shares are to be given: those of ways that only the elimination opens are zero.
    pub const fn shares(&self) -> usize {
        self.shares
    }

    /// The place of a share among all; `None` where the pattern has no such way.
    pub fn share(&self, from: usize, to: usize) -> Option<usize> {
        let own = &self.ways[from];
        let found = own.binary_search_by_key(&small(to), |(to, _)| *to).ok()?;
        Some(own[found].1 as usize)
    }

    /// Eliminates all nodes. `leaving`, by node, becomes the pivots: of what comes to a node, the
    /// part that does not come back to it before nodes eliminated later are reached.
    pub fn eliminate<S: Scalar>(&self, shares: &mut [S], leaving: &mut [S]) {
        for step in &self.steps {
            let (node, own) = (step.node as usize, leaving[step.node as usize]);
            let onward = &self.onward[range(&step.onward)];
            let pivot = onward.iter().fold(own, |sum, way| sum + shares[way.share as usize]);
            leaving[node] = pivot;
            let is_trap = is_nothing(pivot);
            for sender in &self.senders[range(&step.senders)] {
                let share = shares[sender.share as usize];
                let from = sender.from as usize;
                if is_trap {
                    // what is sent there does not come back
                    leaving[from] += share;
                    continue;
                }
                let part = share / pivot;
                leaving[from] += part * own;
                for detour in &self.detours[range(&sender.detours)] {
                    let more = part * shares[detour.of as usize];
                    shares[detour.share as usize] += more;
                }
            }
        }
    }

    /// Turns what comes to each node from outside into what flows through it, by eliminated shares
    /// and their pivots.
    ///
    /// # Errors
    /// A node that something comes to and nothing leaves.
    pub fn solve<S: Scalar>(
        &self,
        shares: &[S],
        pivots: &[S],
        flows: &mut [S],
    ) -> Result<(), Trapped> {
        self.solve_by(flows, |at| shares[at], |node| pivots[node])
    }

    /// The same by shares and pivots that are plain numbers.
    ///
    /// # Errors
    /// A node that something comes to and nothing leaves.
    pub fn solve_plain<S: Scalar>(
        &self,
        shares: &[f64],
        pivots: &[f64],
        flows: &mut [S],
    ) -> Result<(), Trapped> {
        self.solve_by(flows, |at| S::from_f64(shares[at]), |node| S::from_f64(pivots[node]))
    }

    #[inline]
    fn solve_by<S: Scalar>(
        &self,
        flows: &mut [S],
        share: impl Fn(usize) -> S,
        pivot: impl Fn(usize) -> S,
    ) -> Result<(), Trapped> {
        for step in &self.steps {
            let node = step.node as usize;
            let onward = &self.onward[range(&step.onward)];
            if onward.is_empty() || is_nothing(pivot(node)) {
                continue;
            }
            let through = flows[node] / pivot(node);
            for way in onward {
                flows[way.to as usize] += share(way.share as usize) * through;
            }
        }
        for step in self.steps.iter().rev() {
            let node = step.node as usize;
            let senders = &self.senders[range(&step.senders)];
            let come = senders.iter().fold(flows[node], |sum, sender| {
                sum + share(sender.share as usize) * flows[sender.from as usize]
            });
            if is_nothing(pivot(node)) {
                if come.exceeds(0.0) || (-come).exceeds(0.0) {
                    return Err(Trapped(node));
                }
                flows[node] = S::zero();
            } else {
                flows[node] = come / pivot(node);
            }
        }
        Ok(())
    }
}

const fn range(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// Whether nothing leaves a node of this pivot.
fn is_nothing<S: Scalar>(pivot: S) -> bool {
    (-pivot).exceeds(-f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Dual;

    /// Solves for flows from ways with their shares, what leaves, and what comes in.
    fn through<S: Scalar>(
        sends: &[(usize, usize, S)],
        leaving: &[S],
        come: &[S],
    ) -> Result<Vec<S>, Trapped> {
        let pattern = Pattern::new(leaving.len(), sends.iter().map(|(from, to, _)| (*from, *to)));
        let mut shares = vec![S::zero(); pattern.shares()];
        for &(from, to, share) in sends {
            if let Some(at) = pattern.share(from, to) {
                shares[at] += share;
            }
        }
        let (mut pivots, mut flows) = (leaving.to_vec(), come.to_vec());
        pattern.eliminate(&mut shares, &mut pivots);
        pattern.solve(&shares, &pivots, &mut flows).map(|()| flows)
    }

    #[test]
    fn what_comes_back_is_solved_for() {
        // u0 = 3 + 0.1 u0 + 0.25 u1, u1 = 2 + 0.2 u0 + 0.05 u1; by Cramer's rule, the determinant is
        // 0.9 * 0.95 - 0.25 * 0.2 = 0.805
        fn two<S: Scalar>(first: S) -> Vec<S> {
            let ways = [(0, 0, 0.1), (1, 0, 0.25), (0, 1, 0.2), (1, 1, 0.05)];
            let ways = ways.map(|(from, to, share)| (from, to, S::from_f64(share)));
            through(&ways, &[0.7, 0.7].map(S::from_f64), &[first, S::from_f64(2.0)]).unwrap()
        }
        let plain = two(3.0);
        assert!((plain[0] - (3.0 * 0.95 + 2.0 * 0.25) / 0.805).abs() < 1e-14);
        assert!((plain[1] - (3.0 * 0.2 + 2.0 * 0.9) / 0.805).abs() < 1e-14);
        let dual = two(Dual::variable(3.0));
        assert_eq!(dual[0].value().to_bits(), plain[0].to_bits());
        assert!((dual[1].derivative() - 0.2 / 0.805).abs() < 1e-15);
    }

    #[test]
    fn however_little_leaves_every_digit_is_right() {
        for purge in [1e-3, 1e-9, 1e-12, 1e-15, 1e-100, 1e-300] {
            let ways = [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0 - purge)];
            let flows = through(&ways, &[0.0, 0.0, purge], &[3.0, 0.0, 0.0]).unwrap();
            assert!(flows.iter().all(|flow| (flow * purge / 3.0 - 1.0).abs() < 1e-14), "{purge}");
        }
    }

    #[test]
    fn what_never_leaves_has_no_flow_where_nothing_comes_and_no_solution_where_something_does() {
        // 0 sends half to a pair that only sends to each other
        let ways = [(0, 1, 0.5), (1, 2, 1.0), (2, 1, 1.0)];
        let leaving = [0.5, 0.0, 0.0];
        assert_eq!(through(&ways, &leaving, &[0.0, 0.0, 0.0]), Ok(vec![0.0; 3]));
        assert!(through(&ways, &leaving, &[1.0, 0.0, 0.0]).is_err());
        assert!(through(&ways, &leaving, &[0.0, 0.0, 1.0]).is_err());
        let apart = [(0, 1, 0.0), (1, 2, 1.0), (2, 1, 1.0)];
        assert_eq!(through(&apart, &[1.0, 0.0, 0.0], &[2.0, 0.0, 0.0]), Ok(vec![2.0, 0.0, 0.0]));
    }

    #[test]
    fn random_networks_balance_and_agree_with_repeating() {
        let mut state = 7_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        for _ in 0..200 {
            let nodes = 1 + (0..9).filter(|_| next() < 0.5).count();
            let (mut ways, mut leaving) = (Vec::new(), Vec::new());
            for from in 0..nodes {
                let mut parts: Vec<f64> =
                    (0..=nodes).map(|_| if next() < 0.4 { next() } else { 0.0 }).collect();
                parts[nodes] += 0.01;
                let sum: f64 = parts.iter().sum();
                ways.extend((0..nodes).map(|to| (from, to, parts[to] / sum)));
                leaving.push(parts[nodes] / sum);
            }
            let come: Vec<f64> = (0..nodes).map(|_| next()).collect();
            let flows = through(&ways, &leaving, &come).unwrap();
            let left: f64 = flows.iter().zip(&leaving).map(|(flow, share)| flow * share).sum();
            let entered: f64 = come.iter().sum();
            assert!((left / entered - 1.0).abs() < 1e-13, "{left} of {entered}");
            for (node, flow) in flows.iter().enumerate() {
                let sent = ways.iter().filter(|(_, to, _)| *to == node);
                let sum: f64 = sent.map(|(from, _, share)| flows[*from] * share).sum();
                assert!((come[node] + sum - flow).abs() < 1e-12 * flow);
            }
        }
    }

    #[test]
    fn nested_loops_open_few_ways() {
        // 0 -> 1 -> .. -> n - 1, and from each of the second half back to one of the first
        let nested = |depth: usize| {
            let on = (1..2 * depth).map(|node| (node - 1, node));
            let back = (0..depth).map(|level| (2 * depth - 1 - level, level));
            Pattern::new(2 * depth, on.chain(back)).detours.len()
        };
        assert!(nested(1000) <= 11 * nested(100), "{} and {}", nested(100), nested(1000));
    }
}
