import { createRequire } from 'node:module'
import path from 'node:path'
import type mongoose9 from 'mongoose'
import { describe } from 'vitest'
import { sandbox } from '../../scripts/sandbox.mjs'
import { everyConstruct } from './suite.ts'

/** The first release of each major that the peer range allows, with the driver that it brings. */
const OLDEST = {
  mongoose60: 'npm:mongoose@6.0.0',
  mongoose70: 'npm:mongoose@7.0.0',
  mongoose80: 'npm:mongoose@8.0.0',
  mongoose90: 'npm:mongoose@9.0.0',
}

const folder = await sandbox(OLDEST, { name: 'mongoose-oldest' })
const load = (name: keyof typeof OLDEST): typeof mongoose9 =>
  createRequire(path.join(folder, 'package.json'))(name) as typeof mongoose9

/** What fails in 6.0.0 itself: a callback that throws, a cursor before the connection; and its `watch()` starts at once. */
const NOT_IN_6_0 = [
  'eachAsync() whose callback throws',
  'aggregate().cursor().eachAsync() that throws',
  'find() on a connection that is not open yet, next() once',
  'Model.watch() never used',
]

describe('mongoose 6.0.0', () => {
  everyConstruct(load('mongoose60'), 6, (_leaks, _amount, name) => !NOT_IN_6_0.includes(name))
})
describe('mongoose 7.0.0', () => everyConstruct(load('mongoose70'), 7))
// Its `destroy()` does not close the driver's cursor yet, as in 7.
describe('mongoose 8.0.0', () => everyConstruct(load('mongoose80'), 7))
describe('mongoose 9.0.0', () => everyConstruct(load('mongoose90'), 9))
