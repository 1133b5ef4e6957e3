story   A member of the friends' society who is no worker: the branch decides and says why (B-08)
form    purchase documents.4.document=FRIENDS_SOCIETY_EVIDENCE parties.0.qualification.route=FRIENDS_SOCIETY_MEMBER parties.0.qualification.org_member=none parties.0.employment.kind=SOLE_PROPRIETOR
after   1-submitted

clerk            confirmOwnRoute                      -> refused BAD_USER_INPUT B-08
clerk            confirmOwnRoute reason=" "           -> refused BAD_USER_INPUT B-08
clerk            confirmOwnRoute reason="known to the branch for years" -> ELIG:A1 CONFIRMED
