story   A paper comes as a file, does not do, and a better one takes its place
after   1-submitted

applicant        attachPaper                              -> refused FORBIDDEN
clerk            attachPaper                              -> refused FORBIDDEN
system           attachPaper replaces=upload-7            -> refused D.1
system           attachPaper                              -> noted
applicant        checkPaper                               -> refused FORBIDDEN
clerk            checkPaper file_id=upload-7              -> refused D.1
clerk            checkPaper fault=UNREADABLE              -> noted
clerk+manager    startScreening                           -> refused G-DOC-INTAKE
system           attachPaper replaces=upload-1            -> noted
system           attachPaper replaces=upload-1            -> refused D.1
clerk            checkPaper file_id=upload-1              -> refused D.1
clerk+manager    startScreening                           -> SCREENING
screening        checkPaper                               -> noted
clerk            recordDefects paper=IDENTITY_DOCUMENT:A1 -> INCOMPLETE tells N02
system           attachPaper                              -> noted
applicant        resubmitDocuments                        -> SUBMITTED
