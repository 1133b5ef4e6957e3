story   Without the guarantor's consent no money is ordered; a later change of mind stops it on the day itself
after   9-ready

applicant        withdrawConsent                      -> READY
operations+operations:b orderPosting                  -> refused N-CONSENTS
applicant        renewConsent                         -> noted
operations+operations:b orderPosting                  -> DISBURSING sends POSTING_ORDER
# The money is on its way: what was agreed stays.
applicant        withdrawConsent                      -> refused ILLEGAL_TRANSITION
