story   The contract appointment has a time of day and a place, within hours in which people sign
after   4-approved

clock 2026-05-11
clerk            startContracting appointment_time=10:30 -> refused BAD_USER_INPUT T19
clerk            startContracting appointment=2026-05-18 appointment_time=06:59 -> refused BAD_USER_INPUT T19
clerk            startContracting appointment=2026-05-18 appointment_time=21:01 -> refused BAD_USER_INPUT T19
clerk            startContracting appointment=2026-05-18 appointment_place="" -> refused BAD_USER_INPUT T19
clerk            startContracting appointment=2026-05-18 appointment_time=18:30 appointment_place="市原支店 2階相談室" -> CONTRACTING tells N10
