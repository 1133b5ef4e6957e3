story   The valuation is too low, then a defect is found and cured, then a new fact comes up
after   2-screening

# The valuation bounds the amount (C-14).
screening        recordValuation lendable_yen=20000000 amount_yen=20000000 -> refused N-VALUE-COVERS
screening        findInsufficient                     -> COLL INSUFFICIENT tells W01 waits CURE_COLLATERAL
clerk            orderValuation                       -> refused N-CURED
clerk            orderValuation cure="garden added"   -> COLL REQUESTED
screening        findDefect                           -> COLL DEFECT
clerk            orderValuation                       -> refused N-CURED
clerk            orderValuation cure="wall repaired"  -> COLL REQUESTED
screening        recordValuation                      -> COLL VALUED
screening        reopenValuation                      -> COLL REQUESTED
screening+manager approveLoan                         -> refused G-COLL-VALUE G-ELIG G-GUAR-APPROVED G-INS-DECIDED
