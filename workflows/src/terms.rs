//! One way to write an enum of the field's terms: variant, stable code, Japanese label, and where people read it in both
//! languages an English one.
//!
//! The code is what stands in the database, in GraphQL and in files; the labels are what people read.

/// Declares a bare `Copy` enum with `ALL`, `code`, `ja`, `parse` and serde/JSON-schema names equal to the code. With an English
/// label on every line it has `en` too; without, the Japanese label documents the value.
#[macro_export]
macro_rules! terms {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal, $ja:literal, $en:literal;)+ }) => {
        $crate::terms! { @both $(#[$meta])* pub enum $name { $($(#[$vmeta])* $variant = $code, $ja;)+ } }

        impl $name {
            /// The English label.
            pub const fn en(self) -> &'static str { match self { $($name::$variant => $en),+ } }
        }
    };
    ($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $code:literal, $ja:literal;)+ }) => {
        $crate::terms! { @both $(#[$meta])* pub enum $name { $(#[doc = $ja] $variant = $code, $ja;)+ } }
    };
    (@both $(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal, $ja:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// Every value, in the order of the specification.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The stable code used in the database, GraphQL and files.
            pub const fn code(self) -> &'static str { match self { $($name::$variant => $code),+ } }

            /// The Japanese label.
            pub const fn ja(self) -> &'static str { match self { $($name::$variant => $ja),+ } }

            /// The value with this code, if there is one.
            pub fn parse(code: &str) -> Option<Self> { Self::ALL.iter().copied().find(|v| v.code() == code) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.code()) }
        }
    };
}
