//! Each check of the sign-in is left out once, and a test of it fails. Built with the cargo feature `seeded` alone (`make soak`).

use api::auth::{Fault, VARIABLE};
use std::process::{Command, Output};

/// A check that is left out, and the tests that must see it.
const FAULTS: &[(Fault, &[&str])] = &[
    (Fault::Csrf, &["sessions::a_request_with_a_session_is_from_our_pages_or_refused"]),
    (Fault::Recheck, &["accounts::whoever_is_suspended_while_his_request_arrives_is_not_served"]),
    (Fault::State, &["sign_in::a_person_signs_in_with_a_provider_and_out_again"]),
    (
        Fault::Watch,
        &[
            "sessions::a_socket_ends_within_a_second_with_what_it_was_opened_by",
            "sessions::a_socket_ends_within_a_second_when_another_process_suspends",
            "rights::every_way_of_losing_a_right_closes_every_stream",
        ],
    ),
    (Fault::Lent, &["rights::every_way_of_losing_a_right_closes_every_stream"]),
    (Fault::Proxies, &["tokens::a_token_bound_to_a_certificate_needs_it"]),
    (Fault::CoolDown, &["tokens::keys_rotate_and_an_unknown_one_is_looked_for_once"]),
    (Fault::Header, &["tokens::a_token_is_good_in_every_respect_or_not_at_all"]),
];

/// Runs one test of this program in a process of its own, with a fault or with none.
fn run(test: &str, fault: Option<Fault>) -> Output {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", test, "--test-threads", "1"]).env_remove(VARIABLE);
    if let Some(fault) = fault {
        command.env(VARIABLE, format!("{fault:?}"));
    }
    command.output().expect("started")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_check_that_is_left_out_is_found() {
    let (mut found, mut total, mut missed) = (0, 0, vec![]);
    for (fault, tests) in FAULTS {
        for test in *tests {
            let sound = run(test, None);
            let there = said(&sound).contains(&format!("test {test} ... ok"));
            assert!(sound.status.success() && there, "{test} without a fault: {}", said(&sound));
            let broken = run(test, Some(*fault));
            total += 1;
            if !broken.status.success() && said(&broken).contains(&format!("test {test} ... FAILED")) {
                found += 1;
            } else {
                missed.push((fault, test));
            }
        }
    }
    println!("faults seeded into the sign-in: found {found} / {total}");
    assert!(missed.is_empty(), "nobody sees {missed:?}");
    assert!(total >= FAULTS.len());
}
