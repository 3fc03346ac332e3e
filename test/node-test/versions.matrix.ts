import { beforeAll, describe } from 'vitest'
import { nodeBinary } from '../../scripts/sandbox.mjs'
import { outputsOf } from './cases.ts'

describe.each(['20.20.2', '22.23.3', '24.21.0', '26.10.0'])('Node %s', (version) => {
  let node = ''
  beforeAll(async () => {
    node = await nodeBinary(version)
  })
  outputsOf(version.split('.')[0] ?? '', () => ({ node }))
})
