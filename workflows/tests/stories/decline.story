story   The bank declines; nothing of the screening is told
after   2-screening

screening+manager declineLoan ground=REFUSAL_REASON   -> refused N-DECLINE-GROUND
screening        recordGround ground=R1               -> noted
screening+manager declineLoan ground=REFUSAL_REASON   -> DECLINED GUAR CANCELLED INS:A1:L1 CANCELLED tells N04
