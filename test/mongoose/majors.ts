import { createRequire } from 'node:module'
import mongoose9 from 'mongoose'
import { phase } from '../support/phase.ts'

// Their types are left out: each major declares the one module `mongoose`, and the compiler merges them into nonsense.
const require = createRequire(import.meta.url)

export const majors: ReadonlyArray<readonly [major: number, mongoose: typeof mongoose9, minor: string]> = [
  [6, require('mongoose6'), '6.13'],
  [7, require('mongoose7'), '7.8'],
  [8, require('mongoose8'), '8.24'],
  [9, mongoose9, '9.12'],
]

/** In `npm test` the newest, in the matrix the others. */
export const majorsOfPhase = majors.filter(([major]) => (major === 9) === (phase === 'test'))
