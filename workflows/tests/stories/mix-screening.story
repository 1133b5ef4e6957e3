story   Two loans in one case: two declarations, one guarantee request
form    mix
after   2-screening

clerk            passDeclaration loan_no=2            -> INS:A1:L2 UNDERWRITING
insurer          acceptInsurance loan_no=2 sum_yen=12000000 -> INS:A1:L2 ACCEPTED
guarantor        approveGuarantee                     -> GUAR APPROVED
