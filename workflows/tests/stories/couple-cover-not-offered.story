story   ALMIGHTY has no couple form (G-16), and a guarantor is not insured with the applicant (G-15, G-17)
form    joint insurance.0.cover=JOINT_COUPLE insurance.1.party_id=G1

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED
clock                                                 -> AML:A1 CLEAR
clerk+manager    startScreening                       -> SCREENING
screening+manager approveLoan                         -> refused G-INS-FORM G-15 G-16 G-17
