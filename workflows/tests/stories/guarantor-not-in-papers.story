story   Nobody's data go to a guarantee institution that neither the papers nor a consent name
book    without GUARANTOR-2
after   2-screening

clerk            switchGuarantor                      -> refused N-GUARANTOR-CONSENT L-PRIV
applicant        renewConsent recipient=NOBODY        -> refused N-CONSENT-WITHDRAWN
applicant        renewConsent recipient=GUARANTOR-2 purpose=MEMBERSHIP -> refused BAD_USER_INPUT L-PRIV
applicant        renewConsent recipient=GUARANTOR-2   -> noted
clerk            switchGuarantor                      -> GUAR NOT_REQUESTED sends GUARANTEE_CANCEL@GUARANTOR-1
applicant        withdrawConsent                      -> noted
# Signed again without the name: it does not reach this institution.
applicant        renewConsent                         -> noted
clerk            requestGuarantee                     -> refused N-GUARANTOR-CONSENT L-PRIV
applicant        renewConsent recipient=GUARANTOR-2   -> noted
clerk            requestGuarantee                     -> GUAR REQUESTED sends GUARANTEE_REQUEST@GUARANTOR-2
