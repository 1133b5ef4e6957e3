story   A filing that came back is instructed anew: the office has its time to answer again
after   9-ready

scrivener        fileRegistration                     -> REG FILED
registry         acceptFiling                         -> REG ACCEPTED
registry         rejectFiling                         -> REG REJECTED tells N21 W04
clerk            instructScrivener                    -> REG INSTRUCTED
clock 2026-06-17                                      -> REG INSTRUCTED tells W01
clock 2026-06-19                                      -> REG INSTRUCTED tells W04
registers job ACCEPTED
scrivener        verifyMortgagors                     -> REG ID_VERIFIED
scrivener        readyPapers                          -> REG DOCS_READY
scrivener        fileRegistration                     -> REG FILED
scrivener        withdrawFiling                       -> REG WITHDRAWN tells N21 W04
registers job ASKED
clerk            instructScrivener                    -> REG INSTRUCTED
clock 2026-06-23                                      -> REG INSTRUCTED tells W01
clock 2026-06-25                                      -> REG INSTRUCTED tells W04
