//! The pages of the portal are part of the program: it is built again when they were (decision 19). They are built by
//! `make portal`, never from here.

fn main() {
    println!("cargo:rerun-if-changed=../portal/dist");
}
