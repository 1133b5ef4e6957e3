story   A manager of another branch reads a case in emergency; branch and compliance are told, and somebody else reviews every use, also after the case has ended (L-91)
after   3-decided

manager:away     openCaseInEmergency reason="a late evening"                                -> refused L-91
manager:away     openCaseInEmergency reason="aaaaaaaaaaaaaaaaaaaaaaaa"                      -> refused L-91
clerk:away       openCaseInEmergency reason="The customer stands at our counter tonight."   -> refused FORBIDDEN
manager          openCaseInEmergency reason="The customer stands at our counter tonight."   -> refused L-91
manager:away     openCaseInEmergency reason="The customer stands at our counter tonight."   -> noted tells W04
manager:away     openCaseInEmergency reason="The customer stands at our counter tonight."   -> refused L-91
manager:away     addMemo                                                                    -> refused FORBIDDEN
compliance       reviewEmergencyAccess access=E1 outcome=JUSTIFIED note=seen                -> refused L-91
compliance       reviewEmergencyAccess access=E9 outcome=JUSTIFIED note=seen                -> refused L-91
screening:away   endEmergencyAccess access=E1                                               -> refused FORBIDDEN
manager:away     endEmergencyAccess access=E1                                               -> noted
manager          endEmergencyAccess access=E1                                               -> refused L-91
compliance       reviewEmergencyAccess access=E1 outcome=JUSTIFIED note=" "                 -> refused L-91
compliance       reviewEmergencyAccess access=E1 outcome=JUSTIFIED note="asked the branch"  -> noted
compliance:b     reviewEmergencyAccess access=E1 outcome=NOT_JUSTIFIED note="no"            -> refused L-91
compliance:away  openCaseInEmergency reason="警察からの照会に本日中の回答が必要なため"            -> noted tells W04
manager          endEmergencyAccess access=E2                                               -> noted
screening        recordGround ground=R1                                                     -> noted
screening+manager declineLoan ground=REFUSAL_REASON                                         -> DECLINED
compliance:away  reviewEmergencyAccess access=E2 outcome=JUSTIFIED note="mine"              -> refused FORBIDDEN
compliance       reviewEmergencyAccess access=E2 outcome=NOT_JUSTIFIED note="no inquiry"    -> noted
manager:away     declareConflict relation=RELATIVE note=sister                              -> refused FORBIDDEN
