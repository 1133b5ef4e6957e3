story   The happy path, 7: the bank accepts, the contract is formed
after   6-tendered

# A fresh list search is due before the bank accepts.
clerk+manager    acceptContract                       -> refused G-AML-CLEAR
clock                                                 -> AML:A1 CLEAR
clerk+manager    acceptContract                       -> CONTRACTED REG NOT_INSTRUCTED COND PENDING tells N11
