// What every role's pages use to act: forms from the schema, answers, differences.
export { ActionDialog, errorsOf, type Offered } from './ActionDialog'
export { CommandConflict, ConflictDialog, type Chosen } from './ConflictDialog'
export { Changes, usePathName, useValueText, type FieldChange } from './diff'
export { Fields, type Choices, type Errors } from './Fields'
export { Reasons } from './Reasons'
export { compared, type Compared } from './merge'
export { commandText, useCommand, type Missing, type Outcome, type Problem } from './send'
export { blanks, missing, same, sent, type Values } from './values'
