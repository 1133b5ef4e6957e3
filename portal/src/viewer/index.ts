// Files are looked at from memory, beside what they belong to.
export { Beside, useShow } from './Beside'
export { useFetched } from './useFetched'
export { looksAt, type Sheet } from './sheet'
