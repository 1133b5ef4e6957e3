story   The guarantee terms are signed with the contract: a switch voids the signatures, and comes too late once the set is handed in
after   5-contracting

clock 2026-05-18
clerk            recordExplanation                    -> noted
clerk            verifyIdentity                       -> noted
applicant        signContract                         -> noted
clerk            switchGuarantor                      -> CONTRACTING GUAR NOT_REQUESTED sends GUARANTEE_CANCEL@GUARANTOR-1
applicant        tenderContract                       -> refused N-ALL-SIGNED
applicant        signContract                         -> noted
applicant        tenderContract                       -> CONTRACT_TENDERED
clerk            switchGuarantor guarantor=GUARANTOR-1       -> refused ILLEGAL_TRANSITION
clerk+manager    acceptContract                       -> refused G-GUAR-APPROVED
clerk            requestGuarantee                     -> GUAR REQUESTED sends GUARANTEE_REQUEST@GUARANTOR-2
guarantor:GUARANTOR-2 approveGuarantee                -> GUAR APPROVED
clock                                                 -> AML:A1 CLEAR
clerk+manager    acceptContract                       -> CONTRACTED
