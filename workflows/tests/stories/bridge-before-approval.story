story   A bridge loan with money out needs the main approval, valid on the planned handover (BR-6, BR-8)
after   2-screening

clerk            linkBridge principal_yen=20000000 due_on=2026-07-15 -> refused N-BRIDGE-ALLOWED BR-8
clerk            linkBridge outstanding=false principal_yen=20000000 -> noted
