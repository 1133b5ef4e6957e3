import type { Part } from '@/app/part'
import { staff } from './staff'

/** The parts of the portal. A role without one works through the API alone. */
export const PARTS: readonly Part[] = [staff]
