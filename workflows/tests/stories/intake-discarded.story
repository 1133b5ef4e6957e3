story   The applicant discards the draft
form    purchase

applicant        createDraft                          -> DRAFT
clerk            addMemo                              -> noted
applicant        startScreening                       -> refused ILLEGAL_TRANSITION
applicant        discardDraft                         -> DISCARDED tells W01
