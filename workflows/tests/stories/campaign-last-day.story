story   The last day of the campaign, to the last second; a disbursement after it keeps the points
form    purchase institution.bank_code=2999 institution.bank_name=見本労働金庫 institution.branch_code=102 institution.branch_name=見本駅前支店 disbursement_account.bank_code=2999 parties.0.address.prefecture=岐阜県 received_at=2026-06-30T23:59:59+09:00 requested_disbursement_date=2026-07-15

applicant        createDraft                          -> DRAFT campaign 0.25
applicant        submitApplication                    -> SUBMITTED campaign 0.25
