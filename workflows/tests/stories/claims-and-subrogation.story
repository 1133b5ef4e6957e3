story   After the money: the insured event, the guarantor pays
after   11-handed-over

clerk            claimInsurance                       -> INS:A1:L1 CLAIMED tells W01
guarantor        subrogate                            -> GUAR SUBROGATED tells N29
scrivener        cancelRegistration                   -> REG CANCELLED
