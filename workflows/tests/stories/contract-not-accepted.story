story   The bank does not accept a contract with a ground on record or another date
after   6-tendered

clock                                                 -> AML:A1 CLEAR
clerk+manager    acceptContract contract_date=2026-05-17 -> refused N-CONTRACT-DATE
screening        recordGround ground=R7               -> noted
clerk+manager    acceptContract                       -> refused N-NO-REFUSAL-GROUND
