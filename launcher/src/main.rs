//! `mpirun`, also called `mpiexec`: starts the ranks of a job, and is there until all that they were has gone.

mod front;
mod launch;
mod order;
mod output;
mod report;
mod supervise;

use order::{Options, Order, Program};

fn main() {
    let mut words = std::env::args_os().skip(1).peekable();
    let mut count = 1;
    while let Some(word) = words.next_if(|word| word.to_string_lossy().starts_with('-')) {
        match word.to_str() {
            Some("-n" | "-np" | "-c") => {
                count = words.next().and_then(|n| n.to_str()?.parse().ok()).unwrap_or(1)
            }
            _ => {
                eprintln!("mpirun: no option {}", word.to_string_lossy());
                std::process::exit(2);
            }
        }
    }
    let Some(command) = words.next() else {
        eprintln!("usage: mpirun [-n N] PROGRAM [ARGUMENT...]");
        std::process::exit(2);
    };
    let arguments = words.collect();
    let program = Program { count, command, arguments, environment: Vec::new(), wdir: None, path: None };
    match front::run(Order { programs: vec![program], options: Options::default() }) {
        Ok(code) => std::process::exit(code),
        Err(e) => {
            eprintln!("mpirun: {e}");
            std::process::exit(1);
        }
    }
}
