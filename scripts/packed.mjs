// @ts-check
// Packs the tarball that a registry would get, checks it, installs it into a fresh project and uses it from there.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startServer } from '../fixtures/server/index.mjs'

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-packed-'))
/** @param {string} name */
const installed = (name) => createRequire(import.meta.url)(`${name}/package.json`).version

const server = await startServer()
try {
  process.exitCode = await check()
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** @returns {Promise<number>} the exit code */
async function check() {
  const packed = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], ROOT))
  const tarball = path.join(folder, packed[0].filename)
  console.log(`packed ${packed[0].filename}: ${packed[0].files.length} files, ${packed[0].size} bytes`)
  run('publint', ['run', tarball, '--strict'])
  // Vitest is ESM only, and so is its setup file: a CommonJS caller has no use for it.
  run('attw', [tarball, '--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm'])

  const project = path.join(folder, 'project')
  cpSync(path.join(ROOT, 'fixtures', 'packed'), project, { recursive: true })
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'fresh', private: true, type: 'module' }))
  npm(
    ['install', '--no-audit', '--no-fund', tarball, `mongodb@${installed('mongodb')}`, `vitest@${installed('vitest')}`],
    project,
  )
  const result = spawnSync('npx', ['vitest', 'run', '--reporter=json'], {
    cwd: project,
    env: { ...process.env, MONGODB_URI: server.uri },
    encoding: 'utf8',
  })
  const tests = JSON.parse(result.stdout).testResults.flatMap((/** @type {any} */ file) => file.assertionResults)
  const line =
    1 +
    readFileSync(path.join(project, 'leak.test.mjs'), 'utf8')
      .split('\n')
      .findIndex((text) => text.endsWith('// leak'))
  const failed = tests.filter((/** @type {any} */ one) => one.status === 'failed')
  const right = tests.length === 2 && failed.length === 1 && failed[0].title === 'leaks'
  const where = new RegExp(
    `^CursorLeakError: FindCursor on cursorleak_packed\\.pets [^]*?\\n {4}at .*leak\\.test\\.mjs:${line}:`,
  )
  if (right && where.test(failed[0].failureMessages[0])) {
    console.log(`used from a fresh project: 1 of 2 tests failed, at line ${line}, as it should`)
    return 0
  }
  console.error(
    `used from a fresh project, exactly the test "leaks" should fail, at line ${line}; got:\n${result.stdout}\n${result.stderr}`,
  )
  return 1
}

/** @param {string[]} args @param {string} cwd */
function npm(args, cwd) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  execFileSync('npx', ['--no-install', command, ...args], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
}
