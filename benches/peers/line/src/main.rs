//! The crate's side of the line that `line_compare.py` holds its peers against.
//!
//! ```sh
//! peer-line --reference FILE   # what the peers are given and held against, as JSON
//! peer-line --time             # microseconds a line, as JSON
//! ```

mod reference;
mod time;
mod trunk;

use trunk::Trunk;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let trunk = Trunk::shipped();
    reference::check(&trunk);
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--reference", file] => {
            let text = serde_json::to_string(&reference::written(&trunk)).expect("all finite");
            std::fs::write(file, text).expect("it can be written");
        }
        ["--time"] => println!("{}", time::all(&trunk)),
        _ => panic!("either --reference FILE or --time"),
    }
}
