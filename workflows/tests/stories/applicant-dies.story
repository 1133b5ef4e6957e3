story   The applicant dies before the contract
after   4-approved

clerk            recordDeath                          -> noted tells W04
clerk+manager    closeCase ground=APPLICANT_DIED      -> WITHDRAWN tells W01
