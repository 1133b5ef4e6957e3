story   The weather delays the building: the funding deadline is extended
after   split-drawn

clerk+manager    extendFundingDeadline                -> refused N-EXTENSION-PAPERS N-GUARANTOR-AGREES N-AGREEMENT-SIGNED
clerk            recordExtensionPaper                 -> noted
guarantor        recordExtensionPaper paper=GUARANTOR_CONSENT -> noted
clerk            recordExtensionPaper paper=CHANGE_AGREEMENT -> noted
clerk+manager    extendFundingDeadline                -> PARTIALLY_DISBURSED tells N28
