//! The evaluator: values, derivatives, failures.

mod by_hand;
mod failures;
mod gradient;
mod one_by_one;
