//! The command as a user meets it: exit codes, what goes to which stream, files, help.

mod cases;
mod chains;
mod check;
mod help;
mod list;
mod maps;
mod own_stage;
mod readme;
mod run;
mod streams;
mod sweeps;
#[path = "../../../tests/it/support/temporary.rs"]
mod temporary;
