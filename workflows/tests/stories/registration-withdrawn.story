story   The scrivener takes an accepted filing back
after   9-ready

scrivener        fileRegistration                     -> REG FILED
registry         acceptFiling                         -> REG ACCEPTED
scrivener        withdrawFiling                       -> REG WITHDRAWN
