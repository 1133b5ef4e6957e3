story   Reserved land cannot be mortgaged yet
form    purchase properties.0.reserved_land=true properties.0.mortgage_when_possible=true
after   7-contracted

screening+manager deferRegistration                   -> REG DEFERRED
clerk            instructScrivener                    -> REG INSTRUCTED
