import * as driver7 from 'mongodb'
import * as driver4 from 'mongodb4'
import * as driver5 from 'mongodb5'
import * as driver6 from 'mongodb6'
import { phase } from '../support/phase.ts'

/** The majors share every call that these tests make, but their types do not unify. */
export const drivers = [
  ['4', driver4 as unknown as typeof driver7],
  ['5', driver5 as unknown as typeof driver7],
  ['6', driver6 as unknown as typeof driver7],
  ['7', driver7],
] as const

/** In `npm test` the newest, in the matrix the others. */
export const driversOfPhase = drivers.filter(([major]) => (major === '7') === (phase === 'test'))
