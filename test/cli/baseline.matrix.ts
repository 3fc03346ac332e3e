import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, inject, test } from 'vitest'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cwd = path.join(root, 'fixtures', 'baseline')
const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-cli-'))
const file = path.join(folder, 'known.json')
afterAll(() => rmSync(folder, { recursive: true }))

const vitest = [process.execPath, path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=dot']
const start = ([command = '', ...args]: string[], env = {}) =>
  run(command, args, { cwd, env: { MONGODB_URI: inject('mongoUri'), ...env } })
const cli = (...args: string[]) =>
  start([process.execPath, path.join(root, 'dist', 'cli', 'index.mjs'), 'baseline', ...args])

test('known leaks pass, new ones fail, and mended ones are told', async () => {
  const first = await cli('--file', file, '--', ...vitest)
  expect(first.code, first.stdout + first.stderr).toBe(0)
  expect(first.stderr).toContain(`cursorleak: 1 known leak (1 new, 0 gone) in ${file}\n`)
  expect(JSON.parse(readFileSync(file, 'utf8')).sites).toMatchObject([{ function: 'anyPet', operation: 'FindCursor' }])

  const env = { CURSORLEAK_BASELINE: file }
  expect((await start(vitest)).code).toBe(1)
  expect((await start(vitest, env)).code).toBe(0)
  const withNew = await start(vitest, { ...env, NEW_LEAK: '1' })
  expect(withNew.code).toBe(1)
  expect(withNew.stderr).toContain('created at anyOther')
  expect(withNew.stderr).not.toContain('created at anyPet')

  const known = readFileSync(file, 'utf8')
  writeFileSync(file, known.replace('anyPet', 'longGone'))
  expect((await cli('--file', file, '--', ...vitest)).stderr).toContain('1 known leak (1 new, 1 gone)')
  expect(readFileSync(file, 'utf8')).toBe(known)
})

test('a merge of two branches is told with its line by the check, and merged by the command', async () => {
  const known = readFileSync(file, 'utf8')
  const [head = '', site = '', end = ''] = known.trimEnd().split('\n')
  const theirs = site.replace('anyPet', 'theirs')
  const merged = [head, '<<<<<<< HEAD', site, '=======', theirs, '>>>>>>> other', end].join('\n')
  const other = path.join(folder, 'merged.json')
  writeFileSync(other, merged)
  const check = await start(vitest, { CURSORLEAK_BASELINE: other })
  expect(check.code).toBe(1)
  expect(check.stderr).toContain(`the baseline ${other} has a merge conflict in line 2; resolve it`)
  const { code, stderr } = await cli('--file', other, '--', ...vitest)
  expect([code, stderr]).toEqual([0, expect.stringContaining('cursorleak: 1 known leak (0 new, 1 gone) in ')])
  expect(readFileSync(other, 'utf8')).toBe(known)
})

/** The same sites, as a file in a folder below names them. */
const deeper = (): string => readFileSync(file, 'utf8').replaceAll('"file":"', '"file":"../')

test('a link to a file stays a link, and nothing else is left behind', async () => {
  const linked = path.join(folder, 'linked')
  mkdirSync(linked)
  writeFileSync(path.join(linked, 'real.json'), '')
  symlinkSync('real.json', path.join(linked, 'known.json'))
  const { code } = await cli('--file', path.join(linked, 'known.json'), '--', ...vitest)
  expect([code, readdirSync(linked).sort()]).toEqual([0, ['known.json', 'real.json']])
  expect(readFileSync(path.join(linked, 'real.json'), 'utf8')).toBe(deeper())
})

test('what was found is printed where it can no longer be written', async () => {
  const gone = path.join(folder, 'gone')
  mkdirSync(gone)
  const command = ['sh', '-c', `"$0" "$@" >&2; rm -r '${gone}'`, ...vitest]
  const { code, stdout, stderr } = await cli('--file', path.join(gone, 'known.json'), '--', ...command)
  expect([code, stdout]).toEqual([1, deeper()])
  expect(stderr).toContain("known.json can't be written (ENOENT): what was found is printed above, save it there")
})

/** The command, with a temporary folder of its own, in a folder of its own. */
async function withTmp(tmp: string, ...command: string[]) {
  const place = mkdtempSync(path.join(folder, 'tmp-'))
  const TMPDIR = path.join(place, tmp)
  mkdirSync(path.join(place, 'there'))
  writeFileSync(path.join(place, 'file'), '')
  const args = [path.join(root, 'dist/cli/index.mjs'), 'baseline', '--file', path.join(place, 'known.json'), '--']
  const made = await start([process.execPath, ...args, ...command.map((word) => word.replace('<tmp>', TMPDIR))], {
    TMPDIR,
  })
  return { ...made, TMPDIR, place, left: readdirSync(place).sort() }
}

test.each([
  ['none', 'ENOENT'],
  ['file', 'ENOTDIR'],
])(
  'a temporary folder that cannot be used is said before the suite runs, and nothing is left: %s',
  async (tmp, code) => {
    const { code: ended, stdout, stderr, TMPDIR, left } = await withTmp(tmp, 'touch', path.join(folder, 'must not run'))
    expect([ended, stdout, left, existsSync(path.join(folder, 'must not run'))]).toEqual([
      1,
      '',
      ['file', 'there'],
      false,
    ])
    expect(stderr).toBe(
      `cursorleak: baseline: the temporary folder ${TMPDIR} can't be used (${code}): set TMPDIR to one that can be written\n`,
    )
  },
)

test('a suite that empties the temporary folder writes no baseline of a part of its leaks', async () => {
  const after = ['sh', '-c', '"$0" "$@" >&2; rm -r "<tmp>"; true', ...vitest]
  const { code, stdout, stderr, left } = await withTmp('there', ...after)
  expect([code, stdout, left]).toEqual([1, '', ['file']])
  expect(stderr.split('\n').filter((line) => line.startsWith('cursorleak: '))).toEqual([
    expect.stringMatching(
      /^cursorleak: .*lines can't be read \(ENOENT\), where the command had left what it found, so .*known\.json was left as it was: does something empty the temporary folder\?$/,
    ),
  ])
  const before = await withTmp('there', 'sh', '-c', 'rm -r "<tmp>"; "$0" "$@" >&2', ...vitest)
  expect([before.code, before.left.includes('known.json')]).toEqual([1, false])
  expect(before.stderr).toContain(`what is found can't be left for "cursorleak baseline" in `)
  expect(before.stderr).toContain('the command failed by itself')
})

test('what a run has left that was killed is taken away by the next', async () => {
  const { place } = await withTmp('there', process.execPath, '-e', '')
  const GONE = 2 ** 22 + 1
  const names = [
    `known.json.${GONE}.tmp`,
    `known.json.${process.pid}.tmp`,
    `other.json.${GONE}.tmp`,
    `known.json.x.tmp`,
  ]
  for (const name of names) writeFileSync(path.join(place, name), '')
  await cli('--file', path.join(place, 'known.json'), '--', process.execPath, '-e', '')
  expect(readdirSync(place).filter((name) => name.endsWith('.tmp'))).toEqual(names.slice(1).sort())
})

test('a command in which nothing was checked leaves the file as it was', async () => {
  const known = readFileSync(file, 'utf8')
  const { code, stderr } = await cli('--file', file, '--', process.execPath, '-e', '')
  expect([code, readFileSync(file, 'utf8')]).toEqual([1, known])
  expect(stderr).toBe(
    `cursorleak: no test file of the command was checked, so ${file} was left as it was: is cursorleak set up there?\n`,
  )
})

const CUT = '{ "version": 1, "sites": [\n  {"kind":"cursor","opera'
const OTHERS = 'delete it, bring it back as it was, or give another with --file'
test.each([
  ['cut', (at: string) => writeFileSync(at, CUT), `is cut off or broken: it is no JSON: ${OTHERS}`],
  ['foreign', (at: string) => writeFileSync(at, '{"name":"x"}'), `is no baseline file of cursorleak: ${OTHERS}`],
  [
    'newer',
    (at: string) => writeFileSync(at, '{"version":9}'),
    `was written by another version of cursorleak: ${OTHERS}`,
  ],
  ['folder', (at: string) => mkdirSync(at), `is a directory: ${OTHERS}`],
  ['pipe', (at: string) => execFileSync('mkfifo', [at]), `is no regular file: ${OTHERS}`],
  ['none/known', () => {}, "can't be written (ENOENT): give another file with --file"],
  ['cut/known', () => {}, `can't be read (ENOTDIR): ${OTHERS}`],
])('what is wrong with a file is said before the suite runs: %s', async (name, make, problem) => {
  const wrong = path.join(folder, name)
  make(wrong)
  const ran = path.join(folder, 'ran')
  const { code, stdout, stderr } = await cli('--file', wrong, '--', 'touch', ran)
  expect([code, stdout, existsSync(ran)]).toEqual([64, '', false])
  expect(stderr).toBe(`cursorleak: baseline: ${wrong} ${problem}\n`)
})

test('a command that fails by itself leaves the file as it was', async () => {
  const other = path.join(folder, 'other.json')
  const { code, stderr } = await cli('--file', other, '--', process.execPath, '-e', 'process.exit(3)')
  expect([code, existsSync(other)]).toEqual([3, false])
  expect(stderr).toContain(`the command failed by itself, so ${other} was left as it was`)
})

test.each([
  [[], 'baseline: which command? For example: cursorleak baseline -- npx vitest run'],
  [['--fil', 'x', '--', 'node'], 'baseline: only --file <file> may stand before --; got --fil x'],
])('%j', async (args, sentence) => {
  const { code, stderr } = await cli(...args)
  expect([code, stderr]).toEqual([64, `cursorleak: ${sentence}\n`])
})
