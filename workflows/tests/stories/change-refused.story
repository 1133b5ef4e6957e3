story   The change is refused and the approval goes with it
after   change-screened

clerk            linkBridge                           -> noted
screening+manager rescindApproval ground=BANK_REFUSAL -> refused N-BRIDGE-PLAN
clerk+manager    recordBridgePlan                     -> noted
screening+manager rescindApproval ground=BANK_REFUSAL -> APPROVAL_RESCINDED GUAR:V1 CANCELLED GUAR:V2 CANCELLED tells N08
