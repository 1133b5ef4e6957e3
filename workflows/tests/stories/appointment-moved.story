story   A contract appointment that was told is moved, and everybody who signs is told anew
after   appointment

applicant        arrangeSigning appointment=2026-05-20 -> refused FORBIDDEN
operations       arrangeSigning appointment=2026-05-20 -> refused FORBIDDEN
scrivener        arrangeSigning appointment=2026-05-20 -> refused FORBIDDEN
# As it stands, blanks around the place or not.
clerk            arrangeSigning appointment=2026-05-18 appointment_time=18:30 appointment_place=" 市原支店 2階相談室 " -> refused BAD_USER_INPUT T19
clerk            arrangeSigning appointment=2026-05-10 -> refused BAD_USER_INPUT T19
clerk            arrangeSigning appointment=2026-05-20 appointment_time=06:59 -> refused BAD_USER_INPUT T19
clerk            arrangeSigning appointment=2026-05-20 appointment_time=21:01 -> refused BAD_USER_INPUT T19
clerk            arrangeSigning appointment=2026-05-20 appointment_place="" -> refused BAD_USER_INPUT T19
# The day alone, the time alone, the place alone.
clerk            arrangeSigning appointment=2026-05-19 appointment_time=18:30 appointment_place="市原支店 2階相談室" -> CONTRACTING tells N10
manager          arrangeSigning appointment=2026-05-19 appointment_time=10:00 appointment_place="市原支店 2階相談室" -> CONTRACTING tells N10
clerk            arrangeSigning appointment=2026-05-19 appointment_time=10:00 appointment_place="見本不動産 本店" -> CONTRACTING tells N10
# Time and place that are left out are open again.
clerk            arrangeSigning appointment=2026-05-19 -> CONTRACTING tells N10
clerk            arrangeSigning appointment=2026-05-19 -> refused BAD_USER_INPUT T19
clock 2026-05-12
manager          arrangeSigning appointment=2026-05-20 appointment_time=19:00 appointment_place="見本不動産 本店" -> CONTRACTING tells N10
