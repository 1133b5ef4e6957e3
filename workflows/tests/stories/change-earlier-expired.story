story   The earlier decision runs out while the change is screened
after   change-screened

clock 2026-10-03                                      -> RE_SCREENING GUAR:V1 SUSPENDED
timer            expireGuarantee content_version=1    -> refused N-DECISION-OVER
clock 2026-10-04                                      -> RE_SCREENING GUAR:V1 EXPIRED
screening+manager upholdApproval                      -> refused N-EARLIER-STANDS
