import type { Day } from '@/lib/dates'

/** What an applicant has to do on the way to the loan, in its order. */
export const TASKS = ['apply', 'papers', 'health', 'decision', 'contract', 'fire', 'day', 'money'] as const
export type TaskKey = (typeof TASKS)[number]

/** How a task stands: done, the applicant's turn, with the bank and its partners, or not possible yet. */
export type Standing = 'done' | 'yours' | 'checking' | 'later'

/** The verbs of each task. Whatever else can be done stands apart. */
export const VERBS_OF: Record<TaskKey, readonly string[]> = {
  apply: ['submitApplication', 'discardDraft'],
  papers: ['receiveDocuments', 'resubmitDocuments'],
  health: ['declareInsurance', 'supplyExam', 'intendRelaxed'],
  decision: ['acceptTerms'],
  contract: ['signContract', 'tenderContract'],
  fire: ['handInFireEvidence'],
  day: ['nameDate', 'releaseDate'],
  money: [],
}

/** The API's tasks of an applicant, by ours. */
const OPEN: Partial<Record<TaskKey, readonly string[]>> = {
  apply: ['FINISH_DRAFT'],
  papers: ['SUPPLY_PAPERS'],
  health: ['DECLARE_HEALTH', 'SUPPLY_EXAM', 'CHOOSE_OTHER_INSURANCE'],
  contract: ['COLLECT_SIGNATURES'],
  fire: ['SHOW_FIRE_COVER'],
  day: ['NEXT_DRAWING'],
}

/** How far each stage is. Those that are missing ended before the money. */
const REACHED: Record<string, number> = {
  DRAFT: 0, SUBMITTED: 1, INCOMPLETE: 1, SCREENING: 2, RE_SCREENING: 2, CHANGE_REQUESTED: 2, APPROVED: 3, CONDITIONALLY_APPROVED: 3,
  CONTRACTING: 4, CONTRACT_TENDERED: 4, CONTRACTED: 5, SCHEDULED: 6, READY: 6, ON_HOLD: 6, DISBURSING: 6, RECONCILING: 6, REVERSING: 6,
  PARTIALLY_DISBURSED: 6, DISBURSED: 7, HANDED_OVER: 7,
}

/** What the tasks depend on. `actions`: the verbs that are possible now. */
export interface Seen {
  stage: string
  tracks: { track: string; state: string }[]
  openTasks: { task: string; dueOn: Day }[]
  actions: readonly string[]
  namedDate: Day | null
}

/** A task as it stands, with the day by which it is asked for. */
export interface MyTask {
  key: TaskKey
  standing: Standing
  dueOn: Day | null
}

/** Did it end without a loan? */
export function isEnded(stage: string): boolean {
  return !(stage in REACHED)
}

/** How far a stage is: 0 a draft, 7 paid out. */
export function reached(stage: string): number {
  return REACHED[stage] ?? -1
}

/** Every task as it stands; none where the case ended without a loan. */
export function tasksOf(seen: Seen): MyTask[] {
  if (isEnded(seen.stage)) return []
  return TASKS.flatMap((key): MyTask[] => {
    const standing = standingOf(key, seen)
    if (!standing) return []
    const due = seen.openTasks.filter((task) => OPEN[key]?.includes(task.task)).map((task) => task.dueOn).sort()[0]
    return [{ key, standing, dueOn: standing === 'yours' ? (due ?? null) : null }]
  })
}

/** Null: the task does not arise in this case. */
function standingOf(key: TaskKey, seen: Seen): Standing | null {
  const { stage } = seen
  const at = reached(stage)
  const can = (...verbs: string[]) => verbs.some((verb) => seen.actions.includes(verb))
  const waits = seen.openTasks.some((task) => OPEN[key]?.includes(task.task))
  const states = (track: string) => seen.tracks.filter((one) => one.track === track).map((one) => one.state)
  switch (key) {
    case 'apply':
      return at > 0 ? 'done' : can('submitApplication', 'editDraft') ? 'yours' : 'checking'
    case 'papers':
      if (at === 0) return 'later'
      if (waits || can('resubmitDocuments')) return 'yours'
      return stage === 'SUBMITTED' || stage === 'INCOMPLETE' ? 'checking' : 'done'
    case 'health': {
      if (at === 0) return 'later'
      const all = states('INS')
      if (all.length === 0) return at > 2 ? null : 'later'
      const mine = ['NOT_APPLIED', 'EXPIRED', 'EXAM_REQUIRED', 'REJECTED']
      if (waits || (all.some((state) => mine.includes(state)) && can(...VERBS_OF.health))) return 'yours'
      if (all.some((state) => [...mine, 'DECLARED', 'UNDERWRITING', 'RELAXED_INTENT', 'RELAXED_EXPECTED'].includes(state))) return 'checking'
      return 'done'
    }
    case 'decision':
      if (at > 3 || stage === 'APPROVED') return 'done'
      if (stage === 'CONDITIONALLY_APPROVED') return can('acceptTerms') ? 'yours' : 'checking'
      return at === 0 || stage === 'INCOMPLETE' ? 'later' : 'checking'
    case 'contract':
      if (at >= 5) return 'done'
      if (at < 3) return 'later'
      return can(...VERBS_OF.contract) ? 'yours' : 'checking'
    case 'fire': {
      const all = states('FIRE')
      if (all.length === 0) return at >= 6 ? null : 'later'
      if (waits || (all.includes('REQUIRED') && can(...VERBS_OF.fire))) return 'yours'
      if (all.some((state) => ['EVIDENCE_RECEIVED', 'PLEDGE_REQUIRED', 'REQUIRED'].includes(state))) return 'checking'
      return 'done'
    }
    case 'day':
      if (at < 5) return 'later'
      if (stage === 'PARTIALLY_DISBURSED') return can('nameDate') ? 'yours' : 'checking'
      if (at > 5) return 'done'
      return seen.namedDate === null && can('nameDate') ? 'yours' : 'checking'
    case 'money':
      return at >= 7 ? 'done' : at === 6 ? 'checking' : 'later'
  }
}

/** Which sentence stands for the result of a stage. */
export function resultOf(stage: string): 'waiting' | 'approved' | 'conditional' | 'declined' | 'ended' | 'draft' {
  if (stage === 'DECLINED') return 'declined'
  if (stage === 'CONDITIONALLY_APPROVED') return 'conditional'
  const at = reached(stage)
  if (at < 0) return 'ended'
  return at === 0 ? 'draft' : at < 3 ? 'waiting' : 'approved'
}
