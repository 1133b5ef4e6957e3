/** The verbs that take the form of an application again, in the order in which a case goes through them. */
export const FORM_VERBS = ['editDraft', 'amendApplication', 'requestChange'] as const
