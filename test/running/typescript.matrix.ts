import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { nodeBinary, sandbox } from '../../scripts/sandbox.mjs'
import { beside, DRIVER, NODE } from '../versions.ts'
import { root, serve } from './service.ts'

const files = path.join(root, 'fixtures/service')

/** TypeScript that nobody compiled before: by tsx, and by Node itself, which only strips the types. */
test.each([
  ['tsx on Node 20', undefined, ['--import', 'tsx']],
  ['tsx on Node 24', NODE['24'], ['--import', 'tsx']],
  ['Node 22 itself', NODE['22'], []],
  ['Node 24 itself', NODE['24'], []],
  ['Node 26 itself', NODE['26'], []],
])('%s', async (_, version, args) => {
  const cwd = await sandbox({ ...DRIVER, ...beside('tsx') }, { files, name: `running-${version}-${args.length}` })
  const node = version && (await nodeBinary(version))
  const service = await serve(
    [...args, '--import', 'cursorleak/register', 'src/main.ts'],
    { MONGODB_URI: inject('mongoUri'), SERVICE_DB: `typescript${process.pid}`, CURSORLEAK_FORMAT: 'json' },
    { cwd, ...(node ? { node } : {}) },
  )
  await service.get('/orders/oldest', 2)
  await service.get('/users/c1', 5)
  await service.get('/stop').catch(() => {})
  const { stderr } = await service.ended
  const json = stderr.split('\n').find((line) => line.startsWith('{'))
  const { leaks } = JSON.parse(json ?? `{"stderr":${JSON.stringify(stderr)}}`)
  const sites = leaks.map((leak: { createdAt: { file: string; line: number; function: string }; count: number }) => {
    const { file, line, function: name } = leak.createdAt
    return [path.relative(cwd, file), line, name, leak.count]
  })
  expect(sites).toEqual([
    ['src/users.ts', 13, 'user', 5],
    ['src/orders.ts', 5, 'oldestOpen', 2],
  ])
})
