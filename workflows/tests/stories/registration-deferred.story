story   Reserved land cannot be mortgaged yet
form    purchase properties.0.reserved_land=true properties.0.mortgage_when_possible=true
after   7-contracted

screening+manager deferRegistration                   -> REG DEFERRED
clerk            instructScrivener                    -> REG INSTRUCTED
# The office has its time to answer for the job (E.2).
clock 2026-05-20                                      -> REG INSTRUCTED tells W01
clock 2026-05-22                                      -> REG INSTRUCTED tells W04
