//! The places of a source file where a decision can be changed, and how the file reads when each asks the switch.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, RangeLimits, Token, UnOp};

/// One place with all its mutants.
#[derive(Clone, Debug)]
pub struct Site {
    /// Number of the first mutant; the others follow.
    pub first: u32,
    /// From 1.
    pub line: usize,
    /// What each mutant changes, in words that do not move with the lines.
    pub mutants: Vec<String>,
    range: Range<usize>,
    /// The parts of the expression that stay, each mutated for itself.
    holes: Vec<Range<usize>>,
    /// What stands before, between and after them.
    pieces: Vec<String>,
}

impl Site {
    /// How many mutants there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.mutants.len()).unwrap_or(u32::MAX)
    }
}

/// Where the sites stand in a rewritten text, with their first numbers.
pub type Places = Vec<(Range<usize>, u32)>;

/// A source file, what can be mutated in it and what is left out.
#[derive(Clone, Debug)]
pub struct Source {
    pub text: String,
    pub sites: Vec<Site>,
}

impl Source {
    /// Reads a file; mutants are numbered from `first`. Test code and what prints a value for people is left out.
    /// Errors: the text is no Rust.
    pub fn read(text: &str, first: u32) -> syn::Result<Self> {
        let file = syn::parse_file(text)?;
        let mut finder =
            Finder { text, next: first, function: String::new(), sites: Vec::new(), constant: Vec::new() };
        finder.visit_file(&file);
        let Finder { mut sites, constant, .. } = finder;
        let mut bytes = text.as_bytes().to_vec();
        for token in constant {
            bytes[token].fill(b' ');
        }
        // A parent stands before its children: the sort keeps the order of those that begin and end together.
        sites.sort_by_key(|site| (site.range.start, std::cmp::Reverse(site.range.end)));
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for mutant in sites.iter_mut().flat_map(|site| &mut site.mutants) {
            let time = times.entry(mutant.clone()).or_default();
            *time += 1;
            if *time > 1 {
                mutant.push_str(&format!(" ({time})"));
            }
        }
        let text = String::from_utf8(bytes).expect("blanks replace whole characters");
        Ok(Self { text, sites })
    }

    /// The text in which every site asks the switch, except those whose numbers are in `off`, with the range that each takes.
    /// Lines stay where they are.
    pub fn switched(&self, off: &BTreeSet<u32>) -> (String, Places) {
        let sites: Vec<&Site> = self.sites.iter().filter(|site| !off.contains(&site.first)).collect();
        let (mut out, mut places) = (String::with_capacity(self.text.len() * 4), Vec::new());
        self.write(0..self.text.len(), &sites, &mut out, &mut places);
        (out, places)
    }

    fn write(&self, range: Range<usize>, sites: &[&Site], out: &mut String, places: &mut Places) {
        let mut at = range.start;
        let inside = |site: &Site, at: usize| site.range.start >= at && site.range.end <= range.end;
        for (index, site) in sites.iter().enumerate() {
            if !inside(site, at) {
                continue;
            }
            out.push_str(&self.text[at..site.range.start]);
            let begins = out.len();
            let mut from = site.range.start;
            for (piece, hole) in site.pieces.iter().zip(&site.holes) {
                out.push_str(piece);
                self.breaks(from..hole.start, out);
                self.write(hole.clone(), &sites[index + 1..], out, places);
                from = hole.end;
            }
            out.push_str(site.pieces.last().map_or("", String::as_str));
            self.breaks(from..site.range.end, out);
            places.push((begins..out.len(), site.first));
            at = site.range.end;
        }
        out.push_str(&self.text[at..range.end]);
    }

    fn breaks(&self, gap: Range<usize>, out: &mut String) {
        out.extend(self.text[gap].chars().filter(|c| *c == '\n'));
    }
}

struct Finder<'a> {
    text: &'a str,
    next: u32,
    function: String,
    sites: Vec<Site>,
    /// `const` of functions that have sites: the switch is not constant.
    constant: Vec<Range<usize>>,
}

impl Finder<'_> {
    /// A site whose mutants are `(what it does to the operator, the code)`, with the code that stands for none of them.
    fn site(&mut self, of: &impl Spanned, holes: &[&Expr], how: Template<'_>) {
        let range = of.span().byte_range();
        let shown = self.text[range.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = shown.chars().take(80).collect();
        let name = |what: &str| format!("{}: {cut}: {} to {what}", self.function, how.operator);
        let mutants: Vec<String> = how.mutants.iter().map(|(what, _)| name(what)).collect();
        let count = u32::try_from(mutants.len()).unwrap_or(u32::MAX);
        let which = format!("crate::mutant::which({}, {count})", self.next);
        let arms: String =
            how.mutants.iter().zip(1..).map(|((_, code), number)| format!("{number} => {code}, ")).collect();
        let chosen = format!("match {which} {{ {arms}_ => {} }}", how.original);
        self.sites.push(Site {
            first: self.next,
            line: of.span().start().line,
            mutants,
            range,
            holes: holes.iter().map(|hole| hole.span().byte_range()).collect(),
            pieces: how
                .pieces
                .iter()
                .map(|piece| piece.replace("WHICH", &which).replace("CHOSEN", &chosen))
                .collect(),
        });
        self.next += count;
    }

    fn binary(&mut self, expr: &syn::ExprBinary) {
        const VALUES: &[&str] = &["(match ((", "), (", ")) { (l, r) => CHOSEN })"];
        const LOOKS: &[&str] = &["(match (&(", "), &(", ")) { (l, r) => CHOSEN })"];
        const UP: &str = "crate::mutant::Number::up";
        let (one, other) = (&*expr.left, &*expr.right);
        let both = [one, other];
        let compared = |operator: &'static str, others: [&'static str; 3]| (operator, others);
        let comparison = match expr.op {
            BinOp::Lt(_) => Some(compared("<", ["<=", ">=", "=="])),
            BinOp::Le(_) => Some(compared("<=", ["<", ">", "=="])),
            BinOp::Gt(_) => Some(compared(">", [">=", "<=", "=="])),
            BinOp::Ge(_) => Some(compared(">=", [">", "<", "=="])),
            _ => None,
        };
        if let Some((operator, others)) = comparison {
            let code = others.map(|other| format!("l {other} r"));
            let mutants: Vec<(&str, &str)> =
                others.iter().copied().zip(code.iter().map(String::as_str)).collect();
            let original = format!("l {operator} r");
            let how = Template { operator, original: &original, mutants: &mutants, pieces: LOOKS };
            return self.site(expr, &both, how);
        }
        let (operator, other_operator, pieces) = match expr.op {
            BinOp::Eq(_) => ("==", "!=", LOOKS),
            BinOp::Ne(_) => ("!=", "==", LOOKS),
            BinOp::Add(_) | BinOp::AddAssign(_) => ("+", "-", VALUES),
            BinOp::Sub(_) | BinOp::SubAssign(_) => ("-", "+", VALUES),
            BinOp::Mul(_) | BinOp::MulAssign(_) => ("*", "/", VALUES),
            BinOp::Div(_) | BinOp::DivAssign(_) => ("/", "*", VALUES),
            BinOp::Rem(_) | BinOp::RemAssign(_) => ("%", "/", VALUES),
            BinOp::And(_) | BinOp::Or(_) if chained(one) || chained(other) => return,
            BinOp::And(_) => {
                let pieces = &["({ let l: bool = (", "); if l != (WHICH != 0) { ", " } else { l } })"];
                let how = Template { operator: "&&", original: "", mutants: &[("||", "")], pieces };
                return self.site(expr, &both, how);
            }
            BinOp::Or(_) => {
                let pieces = &["({ let l: bool = (", "); if l == (WHICH != 0) { ", " } else { l } })"];
                let how = Template { operator: "||", original: "", mutants: &[("&&", "")], pieces };
                return self.site(expr, &both, how);
            }
            _ => return,
        };
        let original = format!("l {operator} r");
        let replaced = format!("l {other_operator} r");
        let more = match operator {
            "/" => "crate::mutant::Number::divided_up(l, r)".to_owned(),
            _ => format!("{UP}({original})"),
        };
        let more = (if operator == "/" { "/ rounded up" } else { "one more" }, more.as_str());
        let mutants = [(other_operator, replaced.as_str()), more];
        let mutants = if matches!(operator, "==" | "!=") { &mutants[..1] } else { &mutants[..] };
        let how = |pieces| Template { operator, original: &original, mutants, pieces };
        let assigns = matches!(
            expr.op,
            BinOp::AddAssign(_)
                | BinOp::SubAssign(_)
                | BinOp::MulAssign(_)
                | BinOp::DivAssign(_)
                | BinOp::RemAssign(_)
        );
        match one {
            // The left side is written twice, so it must do nothing but name a place.
            Expr::Path(_) | Expr::Field(_) if assigns => {
                let place = &self.text[one.span().byte_range()];
                let middle = format!(" = (match ({place}, (");
                self.site(expr, &both, how(&["", &middle, ")) { (l, r) => CHOSEN })"]));
            }
            _ if assigns => {}
            _ => self.site(expr, &both, how(pieces)),
        }
    }

    fn method(&mut self, call: &syn::ExprMethodCall) {
        let name = call.method.to_string();
        let others: &[&str] = match (name.as_str(), call.args.len()) {
            ("min", 0 | 1) => &["max"],
            ("max", 0 | 1) => &["min"],
            ("min_by_key", 1) => &["max_by_key"],
            ("max_by_key", 1) => &["min_by_key"],
            ("floor", 0) => &["ceil", "round"],
            ("ceil", 0) => &["floor", "round"],
            ("round", 0) => &["floor", "ceil"],
            ("trunc", 0) => &["ceil", "round"],
            ("succ_opt", 0) => &["pred_opt"],
            ("pred_opt", 0) => &["succ_opt"],
            ("checked_add", 1) => &["checked_sub"],
            ("checked_sub", 1) => &["checked_add"],
            ("checked_mul", 1) => &["checked_div"],
            ("checked_div", 1) => &["checked_mul"],
            ("saturating_add", 1) => &["saturating_sub"],
            ("saturating_sub", 1) => &["saturating_add"],
            ("checked_add_days", 1) => &["checked_sub_days"],
            ("checked_sub_days", 1) => &["checked_add_days"],
            ("checked_add_months", 1) => &["checked_sub_months"],
            ("checked_sub_months", 1) => &["checked_add_months"],
            ("div_euclid", 1) => &["rem_euclid", "up"],
            ("rem_euclid", 1) => &["div_euclid", "up"],
            _ => return,
        };
        let argument = if call.args.is_empty() { "" } else { "r" };
        let code = |other: &str| match other {
            "up" => format!("crate::mutant::Number::up(l.{name}(r))"),
            _ => format!("l.{other}({argument})"),
        };
        let codes: Vec<String> = others.iter().map(|other| code(other)).collect();
        let mutants: Vec<(&str, &str)> =
            others.iter().copied().zip(codes.iter().map(String::as_str)).collect();
        let original = code(&name);
        let pieces: &[&str] = match argument {
            "" => &["(match (", ") { l => CHOSEN })"],
            _ => &["(match ((", "), (", ")) { (l, r) => CHOSEN })"],
        };
        let holes: Vec<&Expr> = std::iter::once(&*call.receiver).chain(&call.args).collect();
        self.site(call, &holes, Template { operator: &name, original: &original, mutants: &mutants, pieces });
    }

    /// Both ends of a range, each for itself.
    fn range(&mut self, range: &syn::ExprRange) {
        let one = &["(match (", ") { v => CHOSEN })"];
        if let Some(start) = &range.start {
            let mutants = [("one later", "crate::mutant::Number::up(v)")];
            self.site(
                start,
                &[start],
                Template { operator: "start", original: "v", mutants: &mutants, pieces: one },
            );
        }
        if let Some(end) = &range.end {
            let (operator, mutant) = match range.limits {
                RangeLimits::HalfOpen(_) => ("..", ("..=", "crate::mutant::Number::up(v)")),
                RangeLimits::Closed(_) => ("..=", ("..", "crate::mutant::Number::down(v)")),
            };
            self.site(end, &[end], Template { operator, original: "v", mutants: &[mutant], pieces: one });
        }
    }

    fn unary(&mut self, expr: &syn::ExprUnary) {
        let (operator, original) = match expr.op {
            UnOp::Not(_) => ("!", "!v"),
            UnOp::Neg(_) => ("unary -", "-v"),
            _ => return,
        };
        let pieces = &["(match (", ") { v => CHOSEN })"];
        self.site(expr, &[&expr.expr], Template { operator, original, mutants: &[("nothing", "v")], pieces });
    }

    fn function(&mut self, name: &syn::Ident, sig: &syn::Signature, inner: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.function, name.to_string());
        let before = self.sites.len();
        inner(self);
        self.function = outer;
        if let Some(token) = sig.constness
            && self.sites.len() > before
        {
            self.constant.push(token.span().byte_range());
        }
    }
}

/// How one kind of site is written.
struct Template<'a> {
    operator: &'a str,
    original: &'a str,
    /// What takes the operator's place, and the code of it.
    mutants: &'a [(&'a str, &'a str)],
    /// Around the holes; `CHOSEN` stands for the choice, `WHICH` for the number of the mutant that is on.
    pieces: &'a [&'a str],
}

/// Whether the expression belongs to a chain with `let`, which is no expression of its own.
fn chained(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) => chained(&binary.left) || chained(&binary.right),
        _ => false,
    }
}

fn for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let words: Vec<String> = match &attribute.meta {
            syn::Meta::List(list) if list.path.is_ident("cfg") => {
                list.tokens.to_string().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        attribute.path().is_ident("test") || words.iter().any(|word| word == "test")
    })
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let of_trait = item.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
        let shows = of_trait.is_some_and(|last| last.ident == "Debug" || last.ident == "Display");
        if !shows && !for_tests(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !for_tests(&item.attrs) {
            self.function(&item.sig.ident, &item.sig, |finder| visit::visit_item_fn(finder, item));
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !for_tests(&item.attrs) {
            self.function(&item.sig.ident, &item.sig, |finder| visit::visit_impl_item_fn(finder, item));
        }
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if item.path.is_ident("vec")
            && let Ok(values) = item.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        {
            // Shorter lived than the file that is visited; a visitor that keeps nothing may look at it.
            values.iter().for_each(|value| Finder::look(self, value));
        }
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.look(expr);
    }
}

impl Finder<'_> {
    fn look(&mut self, expr: &Expr) {
        match expr {
            Expr::Binary(binary) => self.binary(binary),
            Expr::MethodCall(call) => self.method(call),
            Expr::Range(range) => self.range(range),
            Expr::Unary(unary) => self.unary(unary),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switched(code: &str) -> String {
        let source = Source::read(&format!("fn f() {{ {code} }}"), 1).unwrap();
        let text = source.switched(&BTreeSet::new()).0.replace("crate::mutant::", "");
        text.trim_start_matches("fn f() { ").trim_end_matches(" }").to_owned()
    }

    fn mutants(code: &str) -> Vec<String> {
        let source = Source::read(&format!("fn f() {{ {code} }}"), 1).unwrap();
        source.sites.into_iter().flat_map(|site| site.mutants).collect()
    }

    #[test]
    fn a_comparison_asks_which_one_it_is() {
        assert_eq!(
            switched("a < b"),
            "(match (&(a), &(b)) { (l, r) => match which(1, 3) \
             { 1 => l <= r, 2 => l >= r, 3 => l == r, _ => l < r } })"
        );
        assert_eq!(
            switched("a == 1"),
            "(match (&(a), &(1)) { (l, r) => match which(1, 1) { 1 => l != r, _ => l == r } })"
        );
        assert_eq!(mutants("a >= b"), ["f: a >= b: >= to >", "f: a >= b: >= to <", "f: a >= b: >= to =="]);
    }

    #[test]
    fn and_and_or_exchange_without_asking_twice() {
        assert_eq!(
            switched("a && b"),
            "({ let l: bool = (a); if l != (which(1, 1) != 0) { b } else { l } })"
        );
        assert_eq!(
            switched("a || b"),
            "({ let l: bool = (a); if l == (which(1, 1) != 0) { b } else { l } })"
        );
        assert_eq!(switched("if let Some(a) = b && c {}"), "if let Some(a) = b && c {}");
    }

    #[test]
    fn sums_and_roundings() {
        assert_eq!(
            switched("a + b"),
            "(match ((a), (b)) { (l, r) => match which(1, 2) \
             { 1 => l - r, 2 => Number::up(l + r), _ => l + r } })"
        );
        assert_eq!(
            switched("a.b += c;"),
            "a.b = (match (a.b, (c)) { (l, r) => match which(1, 2) \
             { 1 => l - r, 2 => Number::up(l + r), _ => l + r } });"
        );
        assert_eq!(mutants("a / b"), ["f: a / b: / to *", "f: a / b: / to / rounded up"]);
        assert_eq!(
            switched("a.floor()"),
            "(match (a) { l => match which(1, 2) { 1 => l.ceil(), 2 => l.round(), _ => l.floor() } })"
        );
        assert_eq!(
            switched("a.min(b)"),
            "(match ((a), (b)) { (l, r) => match which(1, 1) { 1 => l.max(r), _ => l.min(r) } })"
        );
        assert_eq!(
            switched("!a; -b;"),
            "(match (a) { v => match which(1, 1) { 1 => v, _ => !v } }); \
             (match (b) { v => match which(2, 1) { 1 => v, _ => -v } });"
        );
    }

    #[test]
    fn both_ends_of_a_range_move() {
        assert_eq!(
            switched("(a..=b)"),
            "((match (a) { v => match which(1, 1) { 1 => Number::up(v), _ => v } })\
             ..=(match (b) { v => match which(2, 1) { 1 => Number::down(v), _ => v } }))"
        );
        assert_eq!(mutants("(..n)"), ["f: n: .. to ..="]);
        assert_eq!(mutants("(..n + 1)").len(), 3);
    }

    #[test]
    fn nested_places_lines_and_places_that_are_off() {
        let text = "const fn f(a: u8) -> bool {\n  a + 1\n    // why\n    < 2\n}\n";
        let source = Source::read(text, 1).unwrap();
        let (all, places) = source.switched(&BTreeSet::new());
        assert!(!all.contains("const"), "{all}");
        assert_eq!(all.lines().count(), text.lines().count());
        assert_eq!(places.len(), 2);
        assert!(places[0].0.start > places[1].0.start && places[0].0.end < places[1].0.end);
        let (none, _) = source.switched(&[1, 4].into());
        assert_eq!(none, text.replace("const", "     "));
    }

    #[test]
    fn tests_and_what_people_read_are_left_out() {
        let text = "#[cfg(test)]\nmod tests { fn a() { b < c; } }\n#[test]\nfn d() { e < f; }\n\
                    impl fmt::Display for X { fn fmt(&self) { g < h; } }\nfn i() { vec![j < k]; format!(\"{}\", l < m); }";
        let source = Source::read(text, 1).unwrap();
        let names: Vec<&String> = source.sites.iter().flat_map(|site| &site.mutants).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert!(names.iter().all(|name| name.starts_with("i: j < k: ")), "{names:?}");
    }

    #[test]
    fn the_same_words_twice_are_told_apart() {
        assert_eq!(mutants("a == b; a == b;"), ["f: a == b: == to !=", "f: a == b: == to != (2)"]);
    }
}
