story   A ground was recorded by mistake and is cleared
after   4-approved

compliance       recordGround ground=R5               -> noted
clerk            startContracting                     -> refused G-CREDIT-UNCHANGED
manager          clearGround ground=R5                -> noted
clerk            startContracting                     -> CONTRACTING
