//! A bank decides nothing before it has an edition of the product book.

use workflows::machine::{Actor, Command, Context, Refusal, Role, Table, open};
use workflows::sample;

#[test]
fn a_draft_of_a_bank_without_a_book_is_refused() {
    let (table, rules) = (Table::default(), sample::rulebook().unwrap());
    let mut form = sample::Sample::Purchase.form().unwrap();
    let opened = |form: &workflows::Form| {
        let importer = Actor::internal(Role::Importer);
        let now = form.received_at.to_utc();
        let ctx = Context {
            actor: &importer,
            now,
            rules: &rules,
            table: &table,
            registers: workflows::machine::Registers::NONE,
        };
        open("case-1", &Command::CreateDraft { form: form.clone() }, &ctx).map(drop)
    };
    assert_eq!(opened(&form), Ok(()));
    form.institution.bank_code = "0000".to_owned();
    let refused = opened(&form).unwrap_err();
    assert!(matches!(&refused, Refusal::Invalid { rule, .. } if rule == "BOOK"), "{refused:?}");
    form.institution.bank_code = "2999".to_owned();
    // Its book lists its branches: a new draft is for one of them (B-06).
    let Refusal::Invalid { field, rule, ja, en } = opened(&form).unwrap_err() else { panic!("not said why") };
    assert_eq!((field.as_str(), rule.as_str()), ("institution.branch_code", "B-06"));
    assert!(ja.contains("101 見本本店") && en.contains("102 Sample station branch"), "{ja} {en}");
    form.institution.branch_code = "101".to_owned();
    assert_eq!(opened(&form), Ok(()));
    form.received_at = "2024-06-30T10:00:00+09:00".parse().unwrap();
    assert!(opened(&form).is_err(), "before the first edition of the bank");
}
