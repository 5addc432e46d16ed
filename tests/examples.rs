//! The example programs as a user meets them: exit codes, what goes to which stream, files.
//!
//! A binary of their own, because only `cargo test` as a whole builds the examples: with
//! `cargo test --test it` they would be missing, or old.

mod it {
    pub mod support {
        pub mod temporary;
    }
}

mod programs {
    mod chains;
    #[cfg(feature = "gerg")]
    mod line_capacity;
    mod readme;
    mod run;
    mod sweeps;
}
