import path from 'node:path'
import { beforeAll, describe } from 'vitest'
import { sandbox } from '../../scripts/sandbox.mjs'
import { outputsOf } from './cases.ts'

describe.each(['20.20.2', '22.23.3', '24.21.0', '26.10.0'])('Node %s', (version) => {
  let node = ''
  beforeAll(async () => {
    node = path.join(await sandbox({ node: version }, { name: 'outputs' }), 'node_modules/node/bin/node')
  })
  outputsOf(version.split('.')[0] ?? '', () => ({ node }))
})
