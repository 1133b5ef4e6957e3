/** What a mutation, or a part of its input, asks for. */
export interface Argument {
  name: string
  type: string
  required?: boolean
  list?: boolean
}
