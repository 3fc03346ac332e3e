import path from 'node:path'
import { beforeAll, expect, inject, test } from 'vitest'
import { sandbox } from '../../scripts/sandbox.mjs'
import { NAMED, NAMES, namesOf } from '../support/names.ts'
import { beside, DRIVER, MOCHA } from '../versions.ts'

let folder = ''
beforeAll(async () => {
  folder = await sandbox({ mocha: MOCHA['11.8'], ...beside('tsx'), ...DRIVER }, { files: NAMES, name: 'names' })
})

test.each([
  ['as it is', []],
  ['with stacks that Node maps', ['--enable-source-maps']],
])("the names of the user's functions: tsx %s", async (_name, flags) => {
  const bin = path.join(folder, 'node_modules/mocha/bin/mocha.js')
  const args = [...flags, bin, '--import=tsx', '--require=cursorleak/mocha', 'mocha/*.test.ts']
  expect(await namesOf(args, folder, { MONGODB_URI: inject('mongoUri') })).toEqual(NAMED)
})
