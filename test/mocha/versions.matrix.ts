import path from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { sandbox } from '../../scripts/sandbox.mjs'
import { outputs, REQUIRE } from './cases.ts'
import { FIXTURE, type MochaRun, mocha } from './mocha.ts'

describe.each(['10.8.2', '11.0.1', '11.8.0', '12.0.3'])('Mocha %s, in a project of its own', (version) => {
  let of: Partial<MochaRun> = {}
  beforeAll(async () => {
    const folder = await sandbox({ mocha: version, mongodb: '7.9.0' }, { files: FIXTURE, name: 'outputs' })
    of = { folder, home: path.join(folder, 'node_modules/mocha') }
  })
  outputs(() => of)

  test('an option that cannot be used ends the run with one sentence', async () => {
    const env = { CURSORLEAK_SETTLE_MS: 'soon' }
    const found = await mocha({ args: [...REQUIRE, 'plain.test.cjs'], uri: inject('mongoUri'), env, ...of })
    expect(found).toContain(
      `cursorleak: environment variable CURSORLEAK_SETTLE_MS: option "settleMs" is 'soon'; allowed: a whole number from 0`,
    )
    expect(found).toContain('--- exit 1')
  })
})

test('Mocha 10.0 prints no causes: the message names every place', async () => {
  const folder = await sandbox({ mocha: '10.0.0', mongodb: '7.9.0' }, { files: FIXTURE, name: 'outputs' })
  const args = [...REQUIRE, '--grep', 'two places', 'test/orders.test.mjs']
  const home = path.join(folder, 'node_modules/mocha')
  await expect(await mocha({ args, uri: inject('mongoUri'), folder, home })).toMatchFileSnapshot('outputs/10.0.txt')
})
