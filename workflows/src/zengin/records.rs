//! The layout of the four records (I.30): one table for the writer, the reader and whoever explains a record.

/// Bytes of a record without what stands behind it.
pub const RECORD_LENGTH: usize = 120;

/// How a field is filled.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Digits, to the right, filled with noughts.
    N,
    /// Half-width characters, to the left, filled with spaces.
    C,
}

/// One field of a record.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub ja: &'static str,
    pub en: &'static str,
    pub kind: FieldKind,
    pub length: usize,
}

macro_rules! layout {
    ($(#[$meta:meta])* $name:ident: $count:literal { $($kind:ident $length:literal $ja:literal $en:literal;)+ }) => {
        $(#[$meta])*
        pub const $name: [Field; $count] =
            [$(Field { ja: $ja, en: $en, kind: FieldKind::$kind, length: $length }),+];
    };
}

layout! {
    /// The header: who pays, when and from which account.
    HEADER: 13 {
        N 1 "データ区分" "record kind";
        N 2 "種別コード" "file kind";
        N 1 "コード区分" "character code";
        N 10 "振込依頼人コード" "sender code";
        C 40 "振込依頼人名" "sender";
        N 4 "振込指定日" "day of the transfers";
        N 4 "仕向銀行番号" "paying bank";
        C 15 "仕向銀行名" "name of the paying bank";
        N 3 "仕向支店番号" "paying branch";
        C 15 "仕向支店名" "name of the paying branch";
        N 1 "預金種目" "kind of account";
        N 7 "口座番号" "account number";
        C 17 "ダミー" "filler";
    }
}

layout! {
    /// A payment.
    DATA: 16 {
        N 1 "データ区分" "record kind";
        N 4 "被仕向銀行番号" "receiving bank";
        C 15 "被仕向銀行名" "name of the receiving bank";
        N 3 "被仕向支店番号" "receiving branch";
        C 15 "被仕向支店名" "name of the receiving branch";
        N 4 "手形交換所番号" "clearing house";
        N 1 "預金種目" "kind of account";
        N 7 "口座番号" "account number";
        C 30 "受取人名" "payee";
        N 10 "振込金額" "amount";
        N 1 "新規コード" "payee status";
        N 10 "顧客コード1" "customer code 1";
        N 10 "顧客コード2" "customer code 2";
        N 1 "振込指定区分" "method";
        C 1 "識別表示" "mark of a text";
        C 7 "ダミー" "filler";
    }
}

layout! {
    /// Count and sum of the payments since the header.
    TRAILER: 4 {
        N 1 "データ区分" "record kind";
        N 6 "合計件数" "count";
        N 12 "合計金額" "sum";
        C 101 "ダミー" "filler";
    }
}

layout! {
    /// The end of the file.
    END: 2 {
        N 1 "データ区分" "record kind";
        C 119 "ダミー" "filler";
    }
}
