import type { ColleaguesQuery, OfficeJobsQuery } from '@/gql/operations'

export type Job = NonNullable<OfficeJobsQuery['officeJobs']>['edges'][number]['node']
export type Colleague = NonNullable<ColleaguesQuery['colleagues']>[number]

/** What may be done with a job: whoever answers for it hands it over, a lead gives it to anybody, what nobody answers for is taken for oneself (E.2). */
export function mayWith(job: Pick<Job, 'responsible'>, me: string, lead: boolean): { take: boolean; hand: boolean } {
  return { take: job.responsible === null, hand: lead || job.responsible === me }
}

/** Who can take a job over: who may sign in and does not have it. */
export function takers(people: readonly Colleague[], job: Pick<Job, 'responsible'>): Colleague[] {
  return people.filter((one) => one.state === 'ACTIVE' && one.subject !== job.responsible)
}

/** The steps that a lead may propose about a colleague; none about oneself. */
export function stepsAbout(one: Pick<Colleague, 'subject' | 'state'>, me: string): ('SUSPEND' | 'RESUME' | 'END_SESSIONS')[] {
  if (one.subject === me) return []
  return one.state === 'ACTIVE' ? ['SUSPEND', 'END_SESSIONS'] : ['RESUME']
}
