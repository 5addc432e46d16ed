//! The command `gaschain`: what its library does, with the arguments of this process.

use std::process::ExitCode;

fn main() -> ExitCode {
    gaschain_cli::main()
}
