story   The bureau is silent, is asked again, and its answer grows old
form    purchase
after   1-submitted

outside silent A1
clerk+manager    startScreening                       -> SCREENING BUREAU:A1 REQUESTED
clock                                                 -> BUREAU:A1 FAILED tells W01 waits INQUIRE_BUREAU
outside normal
clerk            inquireBureau                        -> BUREAU:A1 REQUESTED
clock                                                 -> BUREAU:A1 ANSWERED
timer            expireBureau                         -> refused N-BUREAU-OLD
clock 2026-07-07                                      -> BUREAU:A1 EXPIRED tells W01
screening+manager approveLoan                         -> refused G-BUREAU-DONE
clerk            inquireBureau                        -> BUREAU:A1 REQUESTED
