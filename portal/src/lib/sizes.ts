/**
 * Lines of a page, by the operation that reads it. The API refuses an operation that asks for more than it allows in production; a
 * test holds every operation to that.
 */
export const SIZES = {
  // Cards of each lane of the board.
  LaneCards: 5,
  Queue: 20, Applications: 20, Timeline: 19, Schedule: 48, Work: 20, WorkDates: 24, SettlementsOfDay: 20, WorkCases: 20, Messages: 20, MyCases: 20, MySchedule: 48,
  Contractors: 10, ContractorCases: 20, Complaints: 10, Trainings: 20, RegisterReminders: 20, EmergencyAccesses: 12,
  IntakeDrafts: 20, HeldTasks: 40, Incidents: 10, Deliveries: 12, LettersToPost: 20, IssuedNotices: 16, OfficeJobs: 30, Colleagues: 50, WebhookMessages: 20, WaitingJobs: 20, OriginalsDue: 20, RequestsOfDay: 14, AnswersGiven: 13, AnswerMonths: 38, CertificatesAsked: 38,
} as const
