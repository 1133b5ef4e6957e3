import type { Part } from '@/app/part'
import { admin } from './admin'
import { applicant } from './applicant'
import { guarantor } from './guarantor'
import { withFigures } from './manager'
import { partner } from './partner'
import { scrivener } from './scrivener'
import { staff } from './staff'

/** The parts of the portal. A role without one works through the API alone. */
export const PARTS: readonly Part[] = [withFigures(staff), admin, applicant, scrivener, guarantor, partner]
