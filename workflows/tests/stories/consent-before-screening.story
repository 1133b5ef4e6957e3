story   Without the consent to the guarantee nobody screens; given again, the work goes on
after   1-submitted

applicant        renewConsent                         -> refused N-CONSENT-WITHDRAWN
applicant        withdrawConsent                      -> SUBMITTED tells W04
applicant        withdrawConsent                      -> refused N-CONSENT-GIVEN
# Nobody gave a consent to a survey.
applicant        withdrawConsent purpose=SITE_SURVEY  -> refused N-CONSENT-GIVEN
clerk+manager    startScreening                       -> refused N-CONSENTS L-PRIV
applicant        renewConsent signed_on=2026-04-01    -> refused L-PRIV
applicant        renewConsent signed_on=2030-01-01    -> refused L-PRIV
applicant        renewConsent wording=" "             -> refused L-PRIV
applicant        renewConsent                         -> noted tells W01
# Each purpose is a consent of its own.
clerk            withdrawConsent purpose=REPAYMENT_ABILITY channel=PHONE -> noted
clerk            inquireBureau                        -> refused N-BUREAU-CONSENT
clerk+manager    startScreening                       -> refused N-CONSENTS
clerk            renewConsent purpose=REPAYMENT_ABILITY channel=PAPER -> noted
compliance       withdrawConsent purpose=MEMBERSHIP   -> noted
clerk            requestMembership                    -> refused N-CONSENTS
compliance       renewConsent purpose=MEMBERSHIP      -> noted
clerk+manager    startScreening                       -> SCREENING GUAR REQUESTED sends GUARANTEE_REQUEST
