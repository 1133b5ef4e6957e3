/** An operation of the API, in the form that each role may send. */
export interface Operation<Data, Variables> {
  readonly texts: ReadonlyMap<string, string>
  /** Never there: it ties the types of answer and variables to the operation. */
  readonly types?: (variables: Variables) => Data
}

/** Builds an operation from its forms, each with the roles that send it. */
export function operation<Data, Variables>(forms: [roles: string, text: string][]): Operation<Data, Variables> {
  return { texts: new Map(forms.flatMap(([roles, text]) => roles.split(' ').map((role): [string, string] => [role, text]))) }
}

/** The form of a role. Errors: the role has no part in it, which the pages of a role rule out. */
export function textFor(operation: Operation<unknown, never>, role: string): string {
  const text = operation.texts.get(role)
  if (text === undefined) throw new Error(`no form of this operation for ${role}`)
  return text
}
