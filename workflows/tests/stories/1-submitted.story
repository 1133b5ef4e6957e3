story   The happy path, 1: an application comes in
form    purchase

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED tells N01 W01
# The list search answers by itself.
clock                                                 -> AML:A1 CLEAR
clerk            orderValuation                       -> COLL REQUESTED waits VALUE_COLLATERAL
