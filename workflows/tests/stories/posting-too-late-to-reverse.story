story   On the next day nothing can be reversed
after   10-disbursed

clock 2026-06-16
operations+manager reversePosting                     -> refused N-SAME-DAY
