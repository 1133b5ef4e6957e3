story   Another guarantee institution is chosen before anybody was asked
after   1-submitted

clerk            switchGuarantor                      -> SUBMITTED GUAR NOT_REQUESTED
clerk+manager    startScreening                       -> SCREENING GUAR REQUESTED sends GUARANTEE_REQUEST@GUARANTOR-2
