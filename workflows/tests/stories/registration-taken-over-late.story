story   Nobody changes the office while the money is about to leave
after   9-ready

clerk            replaceScrivener office=SCRIVENER-2  -> refused N-OFFICE-REPLACEABLE H-14
clerk            releaseDate                          -> CONTRACTED
clerk            replaceScrivener office=SCRIVENER-2  -> REG INSTRUCTED
