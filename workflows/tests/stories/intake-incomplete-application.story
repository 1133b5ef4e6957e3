story   Papers, consents and the pledge are missing; nothing is submitted
form    purchase documents=[] consents=[]

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> refused G-DOC-APPLY G-CONSENT G-AML-PLEDGE
