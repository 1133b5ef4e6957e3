story   A draft is edited, which begins its time anew, then lies too long
form    purchase

clerk            createDraft                          -> DRAFT
manager          editDraft                            -> refused FORBIDDEN
applicant        discardDraft                         -> refused FORBIDDEN
clock 2026-05-01
clerk            editDraft form.direct_mail_consent=true -> DRAFT
clock 2026-07-06                                      -> DRAFT
clock 2026-07-30                                      -> DISCARDED
