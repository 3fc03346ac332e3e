import { behaviour } from './cases.ts'

// Of the Jest that is installed here; versions.matrix.ts has the others.
behaviour()
