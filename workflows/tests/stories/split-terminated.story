story   A cause of revocation is found after the drawing
after   split-drawn

screening        recordGround ground=V1               -> noted
screening+manager terminateContract ground=REVOCATION -> CONTRACT_TERMINATED tells N16 W01 sends COLLECTION_CASE
