story   What the register says and who files is proposed by one and approved by another
after   8-scheduled

clerk            recordRegister read_on=2027-01-01    -> refused BAD_USER_INPUT H-36
clerk            recordRegister records.0.property_no=9 -> refused BAD_USER_INPUT H-36
clerk            recordRegister records.1.property_no=1 -> refused BAD_USER_INPUT H-36
clerk            recordRegister records.0.number=12x  -> refused BAD_USER_INPUT H-36
clerk            recordRegister records.0.seller_name=none -> refused BAD_USER_INPUT H-30
clerk            recordRegister                       -> pending
manager          approveProposal                      -> noted
clerk            recordFilingFacts facts.bank.corporate_number=1x -> refused BAD_USER_INPUT H-34
clerk            recordFilingFacts facts.office=""    -> refused BAD_USER_INPUT H-36
clerk            recordFilingFacts facts.agent.name="" -> refused BAD_USER_INPUT H-14
clerk            recordFilingFacts facts.seal_certificates.0.party_id=Z9 -> refused BAD_USER_INPUT H-35
clerk+manager    recordFilingFacts                    -> noted
