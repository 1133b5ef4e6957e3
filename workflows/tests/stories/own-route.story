story   An individual member needs no certificate of an organisation
form    purchase documents.4.document=INDIVIDUAL_MEMBERSHIP_EVIDENCE parties.0.qualification.route=INDIVIDUAL_MEMBER parties.0.qualification.org_member=none parties.0.qualification.share_yen=1000
after   1-submitted

clerk            confirmOwnRoute                      -> ELIG:A1 CONFIRMED
