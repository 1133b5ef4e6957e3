story   A declined application is kept for seven years; a legal hold stops its erasure; two people release it, and it is erased (L.2)
after   decline

compliance       placeLegalHold reason=" "                    -> refused L.2
compliance+compliance:b liftLegalHold reason=settled          -> refused N-HELD
compliance+compliance:b releaseForErasure                     -> refused N-RETENTION-OVER
system           eraseCase                                    -> refused N-RELEASED
clerk            placeLegalHold reason=dispute                -> refused FORBIDDEN
clock 2033-12-01
compliance       placeLegalHold reason=dispute                -> noted
compliance       placeLegalHold reason=inquiry                -> refused N-NOT-HELD
compliance+compliance:b releaseForErasure                     -> refused N-NOT-HELD
compliance+compliance liftLegalHold reason=settled            -> refused G-FOUR-EYES
compliance:b     retractProposal                              -> refused FORBIDDEN
compliance       retractProposal                              -> noted
compliance+compliance:b liftLegalHold reason=settled          -> noted
compliance+compliance releaseForErasure                       -> refused G-FOUR-EYES
compliance       retractProposal                              -> noted
compliance+compliance:b releaseForErasure                     -> noted
compliance:b     placeLegalHold reason="a late complaint"     -> noted
system           eraseCase                                    -> refused N-RELEASED
compliance+compliance:b liftLegalHold reason=settled          -> noted
compliance+compliance:b releaseForErasure                     -> noted
system           eraseCase                                    -> noted
compliance       placeLegalHold reason=late                   -> refused N-NOT-ERASED
