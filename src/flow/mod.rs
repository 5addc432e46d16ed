//! Gas flow through long lines: friction, pipe segments, loops, compressor stations.
//!
//! Steady flow of one gas: [`FrictionLaw`] gives the Darcy friction factor of a [`Pipe`],
//! [`Segment`] carries gas through a length of it. SI, generic over
//! [`Scalar`](crate::scalar::Scalar), no allocation.

mod decay;
mod fixed_point;
mod friction;
mod parallel;
mod segment;

#[cfg(test)]
mod tests;

pub use friction::{FrictionLaw, Pipe, colebrook_white};
pub use parallel::Loop;
pub use segment::{Segment, SegmentResult, Soil, Warm};
