story   A suspended office's job goes to its substitute before the filing
after   8-scheduled

registers office SUSPENDED SCRIVENER-2
clerk            replaceScrivener office=SCRIVENER-2  -> refused N-CONTRACTOR-FIT L-94
registers office FIT
clerk            replaceScrivener office=SCRIVENER-1  -> refused N-OTHER-OFFICE L-94
clerk            replaceScrivener office=             -> refused BAD_USER_INPUT L-94
clerk            replaceScrivener office=SCRIVENER-2 reason= -> refused BAD_USER_INPUT L-94
# It had declined before: it checks for conflicts anew first.
registers job DECLINED
clerk            replaceScrivener office=SCRIVENER-2  -> refused N-OFFICE-FREE E.2
registers job ASKED
clerk            replaceScrivener office=SCRIVENER-2  -> REG INSTRUCTED sends SCRIVENER_STOP SCRIVENER_INSTRUCTION tells W01 W04 waits VERIFY_MORTGAGORS
# Who had the job works on it no more, and who has it takes it first.
scrivener        verifyMortgagors                     -> refused FORBIDDEN
scrivener@SCRIVENER-2 verifyMortgagors                -> refused N-JOB-TAKEN E.2
registers job ACCEPTED
scrivener@SCRIVENER-2 verifyMortgagors                -> REG ID_VERIFIED
registers job ASKED
clerk            replaceScrivener office=SCRIVENER-3  -> REG INSTRUCTED sends SCRIVENER_STOP
registers job ACCEPTED
scrivener@SCRIVENER-2 readyPapers                     -> refused FORBIDDEN
scrivener@SCRIVENER-3 verifyMortgagors                -> REG ID_VERIFIED
scrivener@SCRIVENER-3 readyPapers                     -> REG DOCS_READY
registers none
# The bill of the former office is void: without the new one no money leaves.
clock 2026-06-15                                      -> SCHEDULED
system           makeReady                            -> refused G-COSTS
clerk            recordCosts                          -> noted
clock +2m                                             -> READY
