//! The rules about files hold for this repository. The rules and their seeded faults are in tests/src/tidy.rs.

use tests::metadata::root;
use tests::tidy;

#[test]
fn no_float_in_the_domain() {
    tidy::floats(&tidy::files(&root())).assert_clean();
}

#[test]
fn the_domain_touches_nothing_outside() {
    tidy::outside_world(&tidy::files(&root())).assert_clean();
}

#[test]
fn nothing_that_ships_stops_on_an_error() {
    tidy::calm(&tidy::files(&root())).assert_clean();
}

#[test]
fn no_file_is_too_long() {
    tidy::short(&tidy::files(&root())).assert_clean();
}

#[test]
fn no_test_is_switched_off_and_nothing_is_left_to_do() {
    tidy::finished(&tidy::files(&root())).assert_clean();
}

#[test]
fn no_machine_path_and_no_registry_host() {
    tidy::portable(&tidy::files(&root())).assert_clean();
}
