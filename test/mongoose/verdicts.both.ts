import { describe } from 'vitest'
import { phase } from '../support/phase.ts'
import { majors, majorsOfPhase } from './majors.ts'
import { everyConstruct } from './suite.ts'

// `npm test` runs all of them over few documents and, over many, the ones that leak; the matrix the rest, on every major.
const selected = (leaks: boolean, amount: 'few' | 'many') => phase !== 'test' || leaks || amount === 'few'

// The first column first: the others are stored where they differ from it.
describe.each([...(phase === 'test' ? majorsOfPhase : majors)].reverse())('mongoose %i', (major, mongoose, version) =>
  everyConstruct(mongoose, major, { version, selected }),
)
