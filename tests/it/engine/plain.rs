//! Random chains made plainer, so that what is right of them can be found by other means.

use crate::engine::world::{Bound, Middle, Node, Plant, Surplus, World};

impl World {
    /// The same, with all loads in proportion to the openings: nothing burns by duty, what an
    /// inner chain refuses goes nowhere (or it has no limits), and limits name all inlets or none.
    pub fn straight(mut self) -> Self {
        self.plant.straighten();
        self
    }

    /// The same with limits that name all inlets or none, and chains inside that are straight
    /// themselves: what they refuse may go on.
    pub fn straight_inside(mut self) -> Self {
        self.plant.name_all();
        for node in &mut self.plant.nodes {
            if let Node::Chain { chain, .. } | Node::Loop { middle: Middle::Chain(chain), .. } =
                node
            {
                chain.straighten();
            }
        }
        self
    }

    /// The same with limits of every level that name all of its inlets or none.
    pub fn naming_all(mut self) -> Self {
        self.plant.name_all();
        self
    }
}

impl Plant {
    fn name_all(&mut self) {
        for bound in &mut self.limits {
            name_all(bound, self.inlets);
        }
        for node in &mut self.nodes {
            if let Node::Chain { chain, .. } | Node::Loop { middle: Middle::Chain(chain), .. } =
                node
            {
                chain.name_all();
            }
        }
    }

    fn straighten(&mut self) {
        self.name_all();
        for node in &mut self.nodes {
            match node {
                Node::Duty(source, _) => *node = Node::Fuel(*source, 0.1),
                Node::Loop { middle: middle @ Middle::Duty(_), .. } => {
                    *middle = Middle::Separate([0.1; 5]);
                }
                Node::Chain { chain, surplus, .. } => {
                    chain.straighten();
                    if !surplus.iter().all(|surplus: &Surplus| surplus.closed()) {
                        chain.take_all();
                    }
                }
                Node::Loop { middle: Middle::Chain(chain), .. } => chain.straighten(),
                _ => {}
            }
        }
    }

    fn take_all(&mut self) {
        for bound in &mut self.limits {
            bound.capacity = None;
        }
        for node in &mut self.nodes {
            if let Node::Chain { chain, .. } | Node::Loop { middle: Middle::Chain(chain), .. } =
                node
            {
                chain.take_all();
            }
        }
    }
}

fn name_all(bound: &mut Bound, inlets: usize) {
    if let Some(some) = &mut bound.some {
        *some = (0..inlets).collect();
    }
}
