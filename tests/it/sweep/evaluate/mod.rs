//! The evaluator: values, derivatives, failures; and that it gives what scenarios give one by one.

mod alike;
mod asked;
mod belonging;
mod blended;
mod by_hand;
mod by_pressures;
mod checked;
mod failures;
mod gradient;
mod judged;
mod one_by_one;
mod worth;
