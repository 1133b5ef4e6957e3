story   The happy path, 5: the contract set is made and explained
after   4-approved

clock 2026-05-11
clerk            startContracting appointment=2026-05-18 -> CONTRACTING tells N10
