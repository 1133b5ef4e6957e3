// The papers of a case with their files, for the branch and for the people of the case.
export { PaperFiles, type Shown } from './PaperFiles'
