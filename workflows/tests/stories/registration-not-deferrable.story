story   Ordinary land is mortgaged at once
after   7-contracted

screening+manager deferRegistration                   -> refused N-DEFERRABLE
