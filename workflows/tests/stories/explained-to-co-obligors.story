story   Who explains to a person who is bound for another's debt is trained in that as well
after   joint-contracting

registers trained IMPORTANT_MATTERS 2027-03-31
clerk            recordExplanation                    -> noted
clerk            recordExplanation party_id=D1        -> refused N-TRAINED
registers trained GUARANTEE_EFFECTS 2027-03-31
clerk            recordExplanation party_id=D1        -> noted
