import { beforeAll, describe } from 'vitest'
import { nodeBinary } from '../../scripts/sandbox.mjs'
import { NODE } from '../versions.ts'
import { outputsOf } from './cases.ts'

// 24 before what is stored only where it differs from it.
describe.each(['20', '24', '22', '26'] as const)('Node %s', (major) => {
  let node = ''
  beforeAll(async () => {
    node = await nodeBinary(NODE[major])
  })
  outputsOf(major, () => ({ node }))
})
