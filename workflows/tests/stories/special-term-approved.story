story   The result of the screening names the discount of a special term
form    purchase loans.0.rate_type=FIXED_10Y loans.0.discount_type=INITIAL_PERIOD
after   3-decided

screening+manager approveLoan                         -> APPROVED tells N03
