import { beforeAll, expect, test } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import { closes, ended, envWith, firstLine, isOpen, runNode, runWithServer } from './child.ts'

const START = 'const { uri } = await startServer({ own: true }); console.log(uri);'
const STAY = `${START} setInterval(() => {}, 1000)`

// The children's time limits leave no room for the first install.
beforeAll(async () => (await startServer({ own: true })).stop(), 300_000)

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('goes down with its parent on %s', async (signal) => {
  const child = runNode(STAY)
  const uri = await firstLine(child)
  expect(await isOpen(uri)).toBe(true)
  child.kill(signal)
  expect(await closes(uri)).toBe(true)
})

test.each([
  ['an exit', `${START} process.exit(0)`],
  ['an uncaught exception', `${START} setTimeout(() => { throw new Error('expected') })`],
  ['the end of the script, which it does not hold up', START],
])('goes down with %s', async (_name, script) => {
  const child = runNode(script)
  const done = ended(child)
  const uri = await firstLine(child)
  await done
  expect(await closes(uri)).toBe(true)
})

test('with-server gives the command a server and passes its exit code on', async () => {
  const script = 'console.log(process.env.MONGODB_URI, process.env.CURSORLEAK_TEST_SERVER); process.exit(7)'
  const { code, stdout, stderr } = await ended(runWithServer([process.execPath, '-e', script], envWith({})))
  expect(code).toBe(7)
  expect(stdout).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/\S* (mongod|stand-in)\n$/)
  expect(stderr).toMatch(/cursorleak: MongoDB server: .* on 127\.0\.0\.1:\d+\n$/)
  expect(await closes(stdout.split(' ')[0] ?? '')).toBe(true)
})

test('with-server passes a signal on and lets the command finish', async () => {
  const script = `process.on('SIGTERM', () => { console.log('bye'); process.exit(3) })
    setInterval(() => {}, 1000); console.log('up')`
  const child = runWithServer([process.execPath, '-e', script], envWith({}))
  const done = ended(child)
  expect(await firstLine(child)).toBe('up')
  child.kill('SIGTERM')
  expect(await done).toMatchObject({ code: 3, stdout: 'up\nbye\n' })
})

test('with-server ends by the signal that ended the command', async () => {
  const script = 'process.kill(process.pid, "SIGKILL")'
  expect(await ended(runWithServer([process.execPath, '-e', script], envWith({})))).toMatchObject({ signal: 'SIGKILL' })
})

test('with-server says how it is used', async () => {
  const result = await ended(runWithServer([]))
  expect(result).toMatchObject({ code: 1, stdout: '' })
  expect(result.stderr).toMatch(/^cursorleak: usage: .*\n$/)
})
