story   The scrivener is the first to tell the receipt of what he filed
after   9-ready

scrivener        fileRegistration                     -> REG FILED
scrivener        acceptFiling receipt.number=0        -> refused BAD_USER_INPUT
scrivener        acceptFiling receipt.office=         -> refused BAD_USER_INPUT
scrivener        acceptFiling                         -> REG ACCEPTED tells W01 waits COMPLETE_FILING
registry         completeRegistration                 -> REG COMPLETED
