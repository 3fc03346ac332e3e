import path from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { nodeBinary, sandbox } from '../../scripts/sandbox.mjs'
import { cellsOf } from '../support/phase.ts'
import { beside, DRIVER, NODE, VITEST } from '../versions.ts'
import { FIXTURES, fill, LEFT_OF_MODULES, ofModules, order, POOLS, type Project, ran, whole } from './fixtures.ts'

/** 4.1 is installed here. */
const all = ['3.2', '4.0', '5.1'] as const
const versions = cellsOf(all, (version) => version !== '4.0')

describe.each(versions)('fixtures of every scope, in Vitest %s', (version) => {
  let project: Project
  beforeAll(async () => {
    const dependencies = { vitest: VITEST[version], ...(version === '5.1' ? beside('vite') : {}), ...DRIVER }
    const cwd = await sandbox(dependencies, { files: FIXTURES, name: 'fixtures' })
    project = { cwd, node: await nodeBinary(NODE['24']), bin: path.join('node_modules', 'vitest', 'vitest.mjs') }
    await fill(inject('mongoUri'))
  })
  // Builders came with 4.1.
  const folders = version === '5.1' ? 'test,builder' : 'test'

  test.each(POOLS)('in the pool %s', async (POOL) => {
    const result = await ran(project, folders, { POOL })
    expect(result.code).toBe(1)
    const name = `fixtures-${version}${POOL.startsWith('vm') ? '-vm' : ''}.txt`
    await expect(whole(result, project.cwd)).toMatchFileSnapshot(path.join('outputs', name))
  })

  test('files that share their modules may close what an earlier one opened', async () => {
    const env = { ISOLATE: 'no', ...(version === '3.2' ? { POOL_OPTIONS: '1' } : {}) }
    expect(ofModules(await ran(project, 'modules', env), project.cwd)).toEqual(LEFT_OF_MODULES)
  })

  test.each(POOLS)('in the pool %s nothing that Vitest does with them is another with us', async (POOL) => {
    expect(await order(project, { POOL })).toEqual(await order(project, { POOL, CURSORLEAK: 'off' }))
  })
})
