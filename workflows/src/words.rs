//! The macro behind every list of choices: one line per value with its code and its Japanese label.

/// Declares an enum whose values have a code (as in JSON) and a Japanese label.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $code:literal, $ja:literal;)+ }) => {
        $(#[$meta])*
        #[derive(
            Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            schemars::JsonSchema,
        )]
        pub enum $name {
            $(#[doc = $ja] #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it stands in JSON, GraphQL and the specification.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The label that people read.
            pub const fn label_ja(self) -> &'static str {
                match self { $(Self::$variant => $ja),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

pub(crate) use words;
