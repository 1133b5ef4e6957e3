story   The day before the campaign: its points are not given (C-43, C-45)
form    purchase institution.bank_code=2999 institution.bank_name=見本労働金庫 institution.branch_code=102 institution.branch_name=見本駅前支店 disbursement_account.bank_code=2999 parties.0.address.prefecture=岐阜県 received_at=2026-03-31T23:59:59+09:00 

applicant        createDraft                          -> DRAFT campaign 0
