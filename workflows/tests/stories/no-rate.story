story   No standard rate is published for the day
book    lacks rates
after   8-scheduled

clock 2026-06-15                                      -> SCHEDULED
system           makeReady                            -> refused G-RATE-PUBLISHED
