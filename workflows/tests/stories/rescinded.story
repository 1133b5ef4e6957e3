story   A ground is found after the approval: it is rescinded
after   4-approved

screening+manager rescindApproval                     -> refused N-RESCIND-GROUND
screening        recordGround ground=R2               -> noted
screening+manager rescindApproval                     -> APPROVAL_RESCINDED GUAR CANCELLED INS:A1:L1 CANCELLED tells N08
