story   A draft is edited, then thrown away
form    purchase

clerk            createDraft                          -> DRAFT
clerk            editDraft form.direct_mail_consent=true -> DRAFT
manager          editDraft                            -> refused FORBIDDEN
applicant        discardDraft                         -> refused FORBIDDEN
clock 2026-07-06                                      -> DISCARDED
