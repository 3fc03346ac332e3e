import path from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { sandbox } from '../../scripts/sandbox.mjs'
import { DRIVER, MOCHA } from '../versions.ts'
import { outputs, REQUIRE } from './cases.ts'
import { FIXTURE, type MochaRun, mocha } from './mocha.ts'

const ALL = Object.values(MOCHA).filter((version) => version !== MOCHA['10.0'])

describe.each(ALL)('Mocha %s, in a project of its own', (version) => {
  let of: Partial<MochaRun> = {}
  beforeAll(async () => {
    const folder = await sandbox({ mocha: version, ...DRIVER }, { files: FIXTURE, name: 'outputs' })
    of = { folder, home: path.join(folder, 'node_modules/mocha') }
  })
  outputs(() => of)

  test('an option that cannot be used ends the run with one sentence', async () => {
    const env = { CURSORLEAK_SETTLE_MS: 'soon' }
    const found = await mocha({ args: [...REQUIRE, 'plain.test.cjs'], uri: inject('mongoUri'), env, ...of })
    expect(found).toContain(
      `cursorleak: environment variable CURSORLEAK_SETTLE_MS: option "settleMs" is 'soon'; allowed: a whole number from 0 to 2147483647`,
    )
    expect(found).toContain('--- exit 1')
  })
})

test('Mocha 10.0 prints no causes: the message names every place', async () => {
  const folder = await sandbox({ mocha: MOCHA['10.0'], ...DRIVER }, { files: FIXTURE, name: 'outputs' })
  const args = [...REQUIRE, '--grep', 'two places', 'test/orders.test.mjs']
  const home = path.join(folder, 'node_modules/mocha')
  await expect(await mocha({ args, uri: inject('mongoUri'), folder, home })).toMatchFileSnapshot('outputs/10.0.txt')
})
