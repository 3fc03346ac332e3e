import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

/**
 * Every file of the source from which something leaves the process, and where `safe.test.ts` looks at what comes out. A new
 * one fails here until it is listed, and belongs into that test.
 */
const OUTLETS: Record<string, string> = {
  'src/say.ts': 'every line to stderr: text of Vitest and Mocha, the trace',
  'src/report/announce.ts': 'the channel and onLeak',
  'src/report/baseline.ts': 'the baseline, by way of its lines',
  'src/cli/baseline-file.ts': 'the baseline',
  'src/cli/baseline.ts': 'stderr of baseline',
  'src/cli/doctor.ts': 'doctor',
  'src/cli/index.ts': 'watch and doctor with a connection string that cannot be used',
  'src/cli/output.ts': 'the code of an error of stdout',
  'src/cli/watch.ts': 'watch',
  'src/cli/setup/ask.ts': 'what a runner resolves, from a program of ours to doctor: a pipe between our own processes',
  'src/cli/run.ts': 'its help, of fixed text',
  'src/cli/ask.ts': 'the name of a signal, for our own processes',
  'src/app/asked.ts': 'an empty file, for our own processes',
  'src/vitest/meta.ts': 'meta.json',
  'src/report/leave.ts': 'the summaries of the reporters of Vitest and Jest, by way of their lines',
  'src/say-run.ts': 'an empty file whose name is a hash, for our own processes',
  'src/trace/comment.ts': 'the comment of tagComments: a place, printable',
}
const WRITES =
  /std(?:err|out)\.write\(|writeSync\(|(?:write|append)FileSync\(|\.publish\(|\.meta\.\w+ =|console\.|options\.comment =/

test('every place from which something leaves the process is listed', () => {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join('src', file.replaceAll('\\', '/')))
  const found = files.filter((file) => WRITES.test(readFileSync(path.join(root, file), 'utf8')))
  expect(found.sort()).toEqual(Object.keys(OUTLETS).sort())
})

test('every command and entry that prints is run there', () => {
  const { exports, bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const commands = [
    ...readFileSync(path.join(root, 'src/cli/index.ts'), 'utf8').matchAll(/^ {2}(\w+): \(\) => import/gm),
  ]
  expect([commands.map(([, name]) => name), Object.keys(bin)]).toEqual([
    ['baseline', 'doctor', 'run', 'watch'],
    ['cursorleak'],
  ])
  // The texts of matchers leave no process by themselves: safe.test.ts reads them.
  expect(Object.keys(exports).sort()).toEqual([
    '.',
    './chai',
    './jest',
    './jest-globals',
    './jest/reporter',
    './matchers',
    './mocha',
    './node-test',
    './package.json',
    './register',
    './vitest',
    './vitest/plugin',
    './vitest/reporter',
  ])
})
