import { createRequire } from 'node:module'
import path from 'node:path'
import type mongoose9 from 'mongoose'
import { describe } from 'vitest'
import { packagesFolder } from '../../scripts/sandbox.mjs'
import { MONGOOSE } from '../versions.ts'
import { everyConstruct } from './suite.ts'

/** The first release of each major that the peer range allows, with the driver that it brings. */
const OLDEST = {
  mongoose60: `npm:mongoose@${MONGOOSE['6.0']}`,
  mongoose70: `npm:mongoose@${MONGOOSE['7.0']}`,
  mongoose80: `npm:mongoose@${MONGOOSE['8.0']}`,
  mongoose90: `npm:mongoose@${MONGOOSE['9.0']}`,
}

const folder = await packagesFolder(OLDEST)
const load = (name: keyof typeof OLDEST): typeof mongoose9 =>
  createRequire(path.join(folder, 'package.json'))(name) as typeof mongoose9

/** What fails in 6.0.0 itself: a callback that throws, a cursor before the connection. */
const NOT_IN_6_0 = [
  'eachAsync() whose callback throws',
  'eachAsync() whose callback throws, then close() in finally',
  'aggregate().cursor().eachAsync() that throws',
  'find() on a connection that is not open yet, next() once',
  'find() on a connection that is not open yet, to the end',
]
/** Its driver is a 6 already. */
const DIFFERS_IN_8_0 = { 'download stream of a file that is not there': 'nothing' } as const
const DIFFERS_IN_6_0 = {
  'eachAsync() in parallel, to the end': 'nothing',
  // Starts at once.
  'Model.watch() never used': { few: 'open', many: 'open' },
  // Stops at the last document, of which three are fewer than its batch of four; the driver's cursor sees no end.
  'populate with batchSize, to the end': { few: 'unfinished', many: 'nothing' },
} as const

describe('mongoose 6.0.0', () =>
  everyConstruct(load('mongoose60'), 6, { version: '6.0', lacks: NOT_IN_6_0, differs: DIFFERS_IN_6_0 }))
describe('mongoose 7.0.0', () => everyConstruct(load('mongoose70'), 7, { version: '7.0' }))
// Its `destroy()` does not close the driver's cursor yet, as in 7.
describe('mongoose 8.0.0', () => everyConstruct(load('mongoose80'), 7, { version: '8.0', differs: DIFFERS_IN_8_0 }))
describe('mongoose 9.0.0', () => everyConstruct(load('mongoose90'), 9, { version: '9.0' }))
