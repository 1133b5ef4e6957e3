story   The happy path, 2: bank and guarantor begin to screen
after   1-submitted

clerk+manager    startScreening                       -> SCREENING GUAR REQUESTED ELIG:A1 REQUESTED sends GUARANTEE_REQUEST MEMBERSHIP_REQUEST
clock                                                 -> BUREAU:A1 ANSWERED
