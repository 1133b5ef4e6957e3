story   An office that does not answer for a job is reminded once, then the bank is told once
after   7-contracted

clerk            instructScrivener                    -> REG INSTRUCTED
clock 2026-05-19                                      -> REG INSTRUCTED
clock 2026-05-20                                      -> REG INSTRUCTED tells W01
clock 2026-05-22                                      -> REG INSTRUCTED tells W04
# Another office is asked: it has the same time.
clerk            replaceScrivener office=SCRIVENER-2  -> REG INSTRUCTED
clock 2026-05-26                                      -> REG INSTRUCTED tells W01
clock 2026-05-28                                      -> REG INSTRUCTED tells W04
# So have those who take over from one that had begun.
registers job ACCEPTED
scrivener@SCRIVENER-2 verifyMortgagors                -> REG ID_VERIFIED
registers job ASKED
clerk            replaceScrivener office=SCRIVENER-3  -> REG INSTRUCTED
clock 2026-06-01                                      -> REG INSTRUCTED tells W01
clock 2026-06-03                                      -> REG INSTRUCTED tells W04
registers job ACCEPTED
scrivener@SCRIVENER-3 verifyMortgagors                -> REG ID_VERIFIED
scrivener@SCRIVENER-3 readyPapers                     -> REG DOCS_READY
registers job ASKED
clerk            replaceScrivener office=SCRIVENER-2  -> REG INSTRUCTED
clock 2026-06-05                                      -> REG INSTRUCTED tells W01
clock 2026-06-09                                      -> REG INSTRUCTED tells W04
clerk            replaceScrivener office=SCRIVENER-3  -> REG INSTRUCTED
registers job ACCEPTED
clock 2026-06-15                                      -> REG INSTRUCTED
