story   The applicant withdraws while a bridge loan is outstanding
after   1-submitted

clerk            linkBridge                           -> noted
applicant        withdrawApplication                  -> refused N-BRIDGE-PLAN
clerk+manager    recordBridgePlan                     -> noted
applicant        withdrawApplication                  -> WITHDRAWN GUAR CANCELLED tells N05
