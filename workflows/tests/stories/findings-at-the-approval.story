story   Parties, insurance form and registration agent are judged with the approval
form    purchase registration.agent=CUSTOMER insurance=[] parties.0.qualification.route=none parties.0.qualification.org_member=none
book    allows D.1
after   1-submitted

clerk+manager    startScreening                       -> SCREENING
screening+manager approveLoan                         -> refused G-PARTIES G-INS-FORM G-REG-AGENT
