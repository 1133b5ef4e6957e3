story   The day passes without money; the date is given up
after   9-ready

clock 2026-06-16
operations+operations:b orderPosting                  -> refused N-ON-THE-DAY
clerk            releaseDate                          -> CONTRACTED tells N32
