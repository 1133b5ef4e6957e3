story   Nobody answers the request for papers; the case is closed
after   2-screening

clerk            recordDefects paper=REGISTER_EXTRACT -> INCOMPLETE tells N02
clerk+manager    closeCase                            -> refused N-CLOSURE-GROUND
clock 2026-05-10                                      -> INCOMPLETE tells N17
clerk+manager    closeCase                            -> WITHDRAWN GUAR CANCELLED INS:A1:L1 CANCELLED tells N05
