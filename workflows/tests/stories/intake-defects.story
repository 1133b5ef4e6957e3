story   A paper is missing; it comes in and the intake is checked again
after   1-submitted

clerk            recordDefects paper=none             -> refused N-DEFECT-NAMED
clerk            recordDefects paper=SEAL_CERTIFICATE:A1 -> INCOMPLETE tells N02 waits SUPPLY_PAPERS
applicant        resubmitDocuments                    -> refused N-LISTED-PAPERS
applicant        receiveDocuments paper=SEAL_CERTIFICATE:A1 -> noted
applicant        resubmitDocuments                    -> SUBMITTED waits CHECK_INTAKE
