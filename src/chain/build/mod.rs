//! From names to a chain: every port joined, every value judged, all faults kept.
//!
//! *In:* a [`Builder`]. *Out:* a [`Chain`](super::Chain), or all faults. *Order:* `assemble` goes
//! through the levels and keeps what it knows in an `assembly`, around the `draft` of a tree:
//! `place` lays out stages and inlets, `resolve` finds what names stand for, `connect` joins ports,
//! `settle` judges values, `limits` places limits (a new kind of limit begins there), `order` sorts
//! stages and cuts recycles, `conditions` finds where a stage's pressure comes from.

mod assemble;
mod assembly;
mod builder;
mod conditions;
mod connect;
mod draft;
mod limits;
mod order;
mod place;
mod resolve;
mod settle;

pub(in crate::chain) use assemble::assemble;
pub use builder::Builder;
pub(super) use builder::{
    Connection, InletPort, Nesting, Node, NodeKind, OwnParameter, Setting, Switch, unfit_inlet,
};
