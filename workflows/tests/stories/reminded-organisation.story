story   An organisation that does not certify a membership is reminded once, then the bank is told once
after   1-submitted

clerk+manager    startScreening                       -> SCREENING ELIG:A1 REQUESTED
# Monday: three business days later the organisation, five business days later the bank.
clock 2026-04-08                                      -> SCREENING
clock 2026-04-09                                      -> ELIG:A1 REQUESTED tells W01
clock 2026-04-10                                      -> ELIG:A1 REQUESTED
clock 2026-04-13                                      -> ELIG:A1 REQUESTED tells W04
clock 2026-04-30                                      -> ELIG:A1 REQUESTED
member-org       loseMembership                       -> refused ILLEGAL_TRANSITION
