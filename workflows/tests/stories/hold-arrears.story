story   Arrears stop the money without notice beforehand; once paid, the hold is lifted
after   8-scheduled

manager          holdDisbursement                     -> refused N-HOLD-GROUND
core-banking     reportArrears                        -> noted
system           makeReady                            -> refused G-NO-ARREARS
clock                                                 -> ON_HOLD tells N13 waits CURE_HOLD
core-banking     repayDrawings                        -> refused N-DRAWING
manager          liftHold                             -> refused N-HOLD-CURED
clerk            releaseDate                          -> refused N-DATE-RELEASABLE
core-banking     reportArrears overdue=false          -> noted
manager          liftHold date=2026-06-14             -> refused G-BUSINESS-DAY
manager          liftHold                             -> SCHEDULED tells N33
core-banking     reportArrears                        -> noted
clock                                                 -> ON_HOLD
core-banking     reportArrears overdue=false          -> noted
applicant        releaseDate                          -> CONTRACTED tells N33
