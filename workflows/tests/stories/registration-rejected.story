story   The registry rejects after the money went out
after   11-handed-over

scrivener        cancelRegistration                   -> REG CANCELLED
