story   Without the signed request there is no guarantee; a final case asks for none
form    purchase documents.0.document=PROPERTY_PLANS
book    allows D.1

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED
clerk            requestGuarantee                     -> refused N-GUARANTEE-CONSENT N-CURRENT-REQUEST
