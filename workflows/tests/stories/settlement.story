story   Where and when people settle is agreed with the date, changed until the day, and told to those who come
after   7-contracted

clerk            arrangeSettlement settlement_time=10:00 -> refused ILLEGAL_TRANSITION
clerk            instructScrivener                    -> REG INSTRUCTED
# Banks transfer, and the registry takes the application, on the same day.
clerk            scheduleDisbursement settlement_time=07:59 -> refused BAD_USER_INPUT T23
clerk            scheduleDisbursement settlement_time=17:01 -> refused BAD_USER_INPUT T23
clerk            scheduleDisbursement settlement_place=" " -> refused BAD_USER_INPUT T23
clerk            scheduleDisbursement settlement_time=10:30 settlement_place="市原支店 応接室" -> SCHEDULED tells N12 W01
clerk            arrangeSettlement settlement_time=10:30 settlement_place=" 市原支店 応接室 " -> refused BAD_USER_INPUT T23
applicant        arrangeSettlement settlement_time=11:00 -> refused FORBIDDEN
scrivener        arrangeSettlement settlement_time=11:00 -> refused FORBIDDEN
operations       arrangeSettlement settlement_time=17:01 -> refused BAD_USER_INPUT T23
operations       arrangeSettlement settlement_time=13:00 settlement_place="見本不動産 本店" -> SCHEDULED tells N12 W01
# The time is open again; the place stays as it is said.
manager          arrangeSettlement settlement_place="見本不動産 本店" -> SCHEDULED tells N12 W01
clerk            releaseDate                          -> CONTRACTED tells N32 W01
# Another day is agreed anew.
clerk            scheduleDisbursement                 -> SCHEDULED tells N12 W01
clerk            arrangeSettlement                    -> refused BAD_USER_INPUT T23
