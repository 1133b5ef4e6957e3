story   Union members are certified by their union; the clerk asks ahead of the screening
after   1-submitted

clerk            confirmOwnRoute                      -> refused N-OWN-ROUTE
clerk            requestMembership                    -> ELIG:A1 REQUESTED sends MEMBERSHIP_REQUEST waits CERTIFY_MEMBERSHIP
