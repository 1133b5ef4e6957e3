story   Without a dated consent nobody is looked up
form    purchase consents.1.signed_on=none
book    allows D.1

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED
clerk            inquireBureau                        -> refused N-BUREAU-CONSENT
applicant        receiveDocuments consent=PRIVACY_CONSENT:A1 -> noted
clerk            inquireBureau                        -> BUREAU:A1 REQUESTED
