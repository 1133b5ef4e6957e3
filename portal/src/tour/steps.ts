/** A step of a tour: the words of `tour.KEY`, the page that it is about, and what it points at there. */
export interface Step {
  key: string
  to?: string
  at?: string
}

const QUEUE: Step = { key: 'queue', to: '/', at: '.page-head' }
const CASE: Step = { key: 'case', to: '/applications' }
const APPROVALS: Step = { key: 'approvals', to: '/approvals' }
const INCIDENTS: Step = { key: 'incidents', to: '/incidents' }
const BOARD: Step = { key: 'board', to: '/board' }
const WORKFLOW: Step = { key: 'workflow', to: '/admin/workflow' }
const PARTNERS: Step = { key: 'partners' }
const PERSON: Step = { key: 'person', at: '.shell-person' }
const MINE: Step[] = [{ key: 'me', to: '/' }, { key: 'meMessages', to: '/me/messages' }, PERSON]

const TOURS: Record<string, Step[]> = {
  BRANCH_CLERK: [QUEUE, { key: 'intake', to: '/applications/new' }, CASE, APPROVALS, PARTNERS, PERSON],
  BRANCH_MANAGER: [BOARD, { key: 'ageing', to: '/sla' }, APPROVALS, CASE, WORKFLOW, PARTNERS, PERSON],
  SCREENING_OFFICER: [QUEUE, CASE, APPROVALS, PARTNERS, PERSON],
  OPERATIONS: [QUEUE, CASE, { key: 'rates', to: '/admin/rates' }, INCIDENTS, PARTNERS, PERSON],
  COMPLIANCE: [QUEUE, CASE, INCIDENTS, PARTNERS, PERSON],
  AUDITOR: [{ key: 'audit', to: '/admin/audit' }, CASE, WORKFLOW, PERSON],
  USER_ADMIN: [{ key: 'users', to: '/admin/users' }, PERSON],
  APPLICANT: [{ key: 'me', to: '/' }, { key: 'meApply', to: '/me/apply' }, { key: 'meMessages', to: '/me/messages' }, PERSON],
  CO_OBLIGOR: MINE,
  GUARANTOR: [{ key: 'reviews', to: '/' }, { key: 'messages', to: '/messages' }, { key: 'office', to: '/office' }, PERSON],
  SCRIVENER: [{ key: 'jobs', to: '/' }, { key: 'calendar', to: '/jobs/calendar' }, { key: 'office', to: '/office' }, PERSON],
}

/** Whoever else works from outside. */
const OUTSIDE: Step[] = [{ key: 'work', to: '/' }, { key: 'messages', to: '/messages' }, PERSON]

/** The tour of a role that has pages of its own. */
export function tourOf(role: string): Step[] {
  return TOURS[role] ?? OUTSIDE
}

const STORED = 'yushi.tour'

/** Has the tour been ended in this session of the browser? */
export function isOver(): boolean {
  return window.sessionStorage.getItem(STORED) === 'over'
}

/** Notes that the tour is over, until the browser is closed. */
export function setOver(): void {
  window.sessionStorage.setItem(STORED, 'over')
}
