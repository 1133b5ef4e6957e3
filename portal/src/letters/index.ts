// The letters of a case, as PDF.
export { Letters, type Letter } from './Letters'
