/**
 * Lines of a page, by the operation that reads it. The API refuses an operation that asks for more than it allows in production; a
 * test holds every operation to that.
 */
export const SIZES = {
  Queue: 20, Applications: 20, Timeline: 20, Schedule: 48, Work: 20, WorkDates: 30, WorkCases: 20, Messages: 20, MyCases: 20, MySchedule: 48,
  Incidents: 10, Deliveries: 13, OfficeJobs: 30, Colleagues: 50, WebhookMessages: 20,
} as const
