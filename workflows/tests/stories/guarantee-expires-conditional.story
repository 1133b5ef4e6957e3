story   A guarantee decision (conditional) runs out during the screening and is asked for again
after   2-screening

guarantor        conditionGuarantee decision.valid_until=2026-06-01 -> GUAR CONDITIONAL
timer            expireGuarantee                      -> refused N-DECISION-OVER
clock 2026-05-19                                      -> noted tells N17
clock 2026-06-02                                      -> GUAR EXPIRED tells W01
clerk            requestGuarantee                     -> GUAR REQUESTED
