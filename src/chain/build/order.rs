//! The order in which the stages of a chain run, and where recycles are cut.

use super::draft::Draft;
use crate::chain::tree::{Level, Loop, Step};
use crate::stage::StreamId;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

/// The streams that a step reads, and those that it writes.
type Traffic = (Vec<StreamId>, Vec<StreamId>);

/// Sorts the steps of a level so that each runs after what it reads; steps that depend on each
/// other become a [`Loop`].
pub(in crate::chain) fn sort(
    tree: &mut Draft,
    level: &Level,
    nodes: &[Step],
    names: &[String],
) -> Vec<Step> {
    let count = nodes.len();
    let traffic: Vec<Traffic> = nodes.iter().map(|&node| tree.traffic(node, None)).collect();
    let mut producers: HashMap<StreamId, usize> = HashMap::new();
    for ((_, writes), node) in traffic.iter().zip(0..) {
        for &stream in writes {
            producers.entry(stream).or_insert(node);
        }
    }
    let producer = |stream: &StreamId| producers.get(stream).copied();
    let before: Vec<Vec<usize>> =
        traffic.iter().map(|(reads, _)| reads.iter().filter_map(producer).collect()).collect();
    let component = components(&before);
    let mut all_members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (node, &own) in component.iter().enumerate() {
        all_members.entry(own).or_default().push(node);
    }
    // how many components have to run before each, and which wait for it
    let mut waits_for = vec![0_usize; count];
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (&own, members) in &all_members {
        let others = members.iter().flat_map(|&member| &before[member]).map(|&p| component[p]);
        let others: BTreeSet<usize> = others.filter(|&other| other != own).collect();
        waits_for[own] = others.len();
        for other in others {
            waiting[other].push(own);
        }
    }
    let mut ready: BinaryHeap<Reverse<usize>> =
        all_members.keys().filter(|&&own| waits_for[own] == 0).map(|&own| Reverse(own)).collect();

    let mut steps = Vec::new();
    // the first component, in order of declaration, all of whose predecessors are done
    while let Some(Reverse(first)) = ready.pop() {
        let members = &all_members[&first];
        for &other in &waiting[first] {
            waits_for[other] -= 1;
            if waits_for[other] == 0 {
                ready.push(Reverse(other));
            }
        }
        let alone = members.len() == 1 && !before[first].contains(&first);
        if alone {
            steps.push(nodes[first]);
        } else {
            let (order, tears) = cut(members, &before, &traffic);
            let mut path: Vec<&str> = order.iter().map(|&node| names[node].as_str()).collect();
            path.push(&names[order[0]]);
            let prefix =
                if level.path.is_empty() { String::new() } else { format!("{}: ", level.path) };
            steps.push(Step::Loop(tree.loops.push(Loop {
                steps: order.iter().map(|&node| nodes[node]).collect(),
                tears,
                path: format!("{prefix}{}", path.join(" -> ")),
            })));
        }
    }
    steps
}

/// Strongly connected components (Tarjan's algorithm, without recursion): for each node the first
/// of its component.
fn components(before: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let count = before.len();
    let (mut number, mut low) = (vec![UNSEEN; count], vec![0; count]);
    let mut component = vec![UNSEEN; count];
    let mut open: Vec<usize> = Vec::new();
    let mut seen = 0;
    for start in 0..count {
        // nodes on the way, each with how many of its predecessors were looked at
        let mut path = if number[start] == UNSEEN { vec![(start, 0)] } else { Vec::new() };
        while let Some(&mut (node, ref mut at)) = path.last_mut() {
            if *at == 0 && number[node] == UNSEEN {
                (number[node], low[node]) = (seen, seen);
                seen += 1;
                open.push(node);
            }
            if let Some(&next) = before[node].get(*at) {
                *at += 1;
                if number[next] == UNSEEN {
                    path.push((next, 0));
                } else if component[next] == UNSEEN {
                    low[node] = low[node].min(number[next]);
                }
                continue;
            }
            path.pop();
            if let Some(&(from, _)) = path.last() {
                low[from] = low[from].min(low[node]);
            }
            if low[node] == number[node] {
                let from = open.iter().rposition(|&other| other == node).unwrap_or(0);
                let members = open.split_off(from);
                let first = members.iter().copied().min().unwrap_or(node);
                for member in members {
                    component[member] = first;
                }
            }
        }
    }
    component
}

/// Orders the members of a loop so that few of their streams are read before they are written;
/// those are the tears.
fn cut(
    members: &[usize],
    before: &[Vec<usize>],
    traffic: &[Traffic],
) -> (Vec<usize>, Vec<StreamId>) {
    let mut left: Vec<usize> = members.to_vec();
    let mut order = Vec::new();
    while !left.is_empty() {
        let waiting = |node: usize| before[node].iter().filter(|p| left.contains(p)).count();
        let outside = |node: usize| before[node].iter().any(|p| !members.contains(p));
        let next = left
            .iter()
            .copied()
            .enumerate()
            .min_by_key(|&(_, node)| (waiting(node), !outside(node)))
            .map(|(at, _)| at);
        order.extend(next.map(|at| left.remove(at)));
    }
    let mut tears = Vec::new();
    let mut written: Vec<StreamId> = Vec::new();
    for &node in &order {
        for &stream in &traffic[node].0 {
            let inside = members.iter().any(|&other| traffic[other].1.contains(&stream));
            if inside && !written.contains(&stream) && !tears.contains(&stream) {
                tears.push(stream);
            }
        }
        written.extend(&traffic[node].1);
    }
    (order, tears)
}
