//! The order in which the stages of a chain run, and where recycles are cut.

use super::draft::Draft;
use crate::chain::tree::{Level, Loop, Step};
use crate::stage::StreamId;

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
    let producer =
        |stream: &StreamId| traffic.iter().position(|(_, writes)| writes.contains(stream));
    let before: Vec<Vec<usize>> =
        traffic.iter().map(|(reads, _)| reads.iter().filter_map(producer).collect()).collect();
    let component = components(&before);

    let mut done = vec![false; count];
    let mut steps = Vec::new();
    while steps.len() < count && done.contains(&false) {
        // the first component, in order of declaration, all of whose predecessors are done
        let ready = (0..count).find(|&node| {
            !done[node]
                && (0..count).filter(|&other| component[other] == component[node]).all(|other| {
                    before[other].iter().all(|&p| done[p] || component[p] == component[node])
                })
        });
        let Some(first) = ready else { break };
        let members: Vec<usize> =
            (0..count).filter(|&other| component[other] == component[first]).collect();
        for &member in &members {
            done[member] = true;
        }
        let alone = members.len() == 1 && !before[first].contains(&first);
        if alone {
            steps.push(nodes[first]);
        } else {
            let (order, tears) = cut(&members, &before, &traffic);
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

/// Strongly connected components by reachability: chains are small.
fn components(before: &[Vec<usize>]) -> Vec<usize> {
    let count = before.len();
    let mut reaches = vec![vec![false; count]; count];
    for (start, reached) in reaches.iter_mut().enumerate() {
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            for &next in &before[node] {
                if !reached[next] {
                    reached[next] = true;
                    stack.push(next);
                }
            }
        }
    }
    (0..count)
        .map(|node| {
            (0..count)
                .find(|&other| other == node || (reaches[node][other] && reaches[other][node]))
        })
        .map(Option::unwrap_or_default)
        .collect()
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
