story   The union does not know the applicant; another route is taken
after   2-screening

member-org       refuseMembership                     -> ELIG:A1 REFUSED tells W01 waits FIND_ROUTE
clerk            changeRoute qualification.route=INDIRECT_MEMBER -> refused N-OWN-ROUTE
clerk            changeRoute                          -> ELIG:A1 CONFIRMED
