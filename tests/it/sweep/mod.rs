//! Sweeps: what is asked, whether it fits, which scenarios that makes, what each gives, running
//! them all, and what is kept of the results.

mod ask;
mod design;
mod evaluate;
mod judge;
mod run;
mod shipped;
mod sink;
