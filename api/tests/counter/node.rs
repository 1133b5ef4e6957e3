//! Programs of Node that tests start, with their packages as the lock files name them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of `tests` with its packages installed.
pub fn installed(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = root.join("tests").join(name);
    run(Command::new(root.join("scripts/node-packages")).arg(&folder));
    folder
}

/// What a program prints. Panics where it is absent or fails: `make setup` installs Node.
pub fn run(command: &mut Command) -> String {
    let output =
        command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; `make setup` installs Node"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}:\n{out}{err}");
    out.into_owned()
}
