story   The list search finds a possible match; compliance clears it, then confirms another one
form    purchase

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED AML:A1 CHECKING
outside review A1
clock                                                 -> AML:A1 REVIEW tells W01 waits REVIEW_MATCH
compliance       acceptAml                            -> AML:A1 CLEAR
system           staleAml                             -> refused N-SEARCH-DUE
