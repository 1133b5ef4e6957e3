story   The membership ends before the contract, is found again, and ends once more
after   3-decided

member-org       loseMembership                       -> ELIG:A1 LOST tells W04
screening+manager approveLoan                         -> refused G-ELIG
clerk            requestMembership                    -> ELIG:A1 REQUESTED sends MEMBERSHIP_REQUEST
member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
system           loseMembership                       -> ELIG:A1 LOST
clerk            changeRoute                          -> ELIG:A1 CONFIRMED
