import adminEn from './admin.en.json'
import applicantEn from './applicant.en.json'
import commonEn from './common.en.json'
import complianceEn from './compliance.en.json'
import dayEndEn from './dayend.en.json'
import deskEn from './desk.en.json'
import fieldsEn from './fields.en.json'
import guarantorEn from './guarantor.en.json'
import issuedEn from './issued.en.json'
import managerEn from './manager.en.json'
import officeEn from './office.en.json'
import papersEn from './papers.en.json'
import partnerEn from './partner.en.json'
import registrationEn from './registration.en.json'
import scrivenerEn from './scrivener.en.json'
import staffEn from './staff.en.json'
import tourEn from './tour.en.json'
import webhooksEn from './webhooks.en.json'
import type { Key } from './index'

/** The English words of every part. */
export const EN: Record<Key, string> = {
  ...commonEn, ...fieldsEn, ...staffEn, ...managerEn, ...adminEn, ...applicantEn, ...scrivenerEn, ...guarantorEn, ...partnerEn, ...papersEn, ...deskEn, ...officeEn, ...tourEn, ...webhooksEn, ...complianceEn, ...dayEndEn, ...registrationEn, ...issuedEn,
}
