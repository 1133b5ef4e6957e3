//! Lists the templates, so that each is compiled in under its path below `templates/`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=templates");
    let root = PathBuf::from(env("CARGO_MANIFEST_DIR")?).join("templates");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&root).unwrap_or(file).display().to_string();
        let _ = writeln!(list, "    ({name:?}, include_str!({:?})),", file.display().to_string());
    }
    list.push_str("]\n");
    std::fs::write(Path::new(&env("OUT_DIR")?).join("templates.rs"), list)
}

fn env(name: &str) -> std::io::Result<String> {
    std::env::var(name).map_err(std::io::Error::other)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
