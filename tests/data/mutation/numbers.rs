
impl Number for rust_decimal::Decimal {
    fn up(self) -> Self {
        self + Self::ONE
    }
    fn down(self) -> Self {
        self - Self::ONE
    }
    fn divided_up(self, by: Self) -> Self {
        (self / by).ceil()
    }
}

impl Number for crate::money::Yen {
    fn up(self) -> Self {
        Self(self.0.up())
    }
    fn down(self) -> Self {
        Self(self.0.down())
    }
    fn divided_up(self, by: Self) -> Self {
        Self(self.0.divided_up(by.0))
    }
}

/// A thousandth of a percent is the smallest step of a rate.
impl Number for crate::money::Rate {
    fn up(self) -> Self {
        self + Self::from_thousandths(1)
    }
    fn down(self) -> Self {
        self - Self::from_thousandths(1)
    }
    fn divided_up(self, by: Self) -> Self {
        Self(self.0.divided_up(by.0))
    }
}

impl Number for chrono::NaiveDate {
    fn up(self) -> Self {
        self.succ_opt().unwrap_or(self)
    }
    fn down(self) -> Self {
        self.pred_opt().unwrap_or(self)
    }
    fn divided_up(self, _: Self) -> Self {
        self
    }
}
