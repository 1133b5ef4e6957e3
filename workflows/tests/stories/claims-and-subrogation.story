story   After the money: the insured event, the guarantor pays
after   11-handed-over

# The bank is told of the insured event (G-23).
clerk            claimInsurance                       -> INS:A1:L1 CLAIMED tells W01
# The guarantor pays the whole balance (F-09).
guarantor        subrogate                            -> GUAR SUBROGATED tells N29
scrivener        cancelRegistration                   -> REG CANCELLED
