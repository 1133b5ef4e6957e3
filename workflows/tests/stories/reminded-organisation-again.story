story   A certificate that is asked for anew is reminded of anew
after   3-decided

member-org       loseMembership                       -> ELIG:A1 LOST tells W04
clerk            requestMembership                    -> ELIG:A1 REQUESTED
clock 2026-04-09                                      -> ELIG:A1 REQUESTED tells W01
clock 2026-04-13                                      -> ELIG:A1 REQUESTED tells W04
