story   While an institution keeps its decision on the earlier content, the case stays with it
after   change-screened

clerk            switchGuarantor                      -> refused N-GUARANTEE-FREE
