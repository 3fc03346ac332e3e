import { expect, test } from 'vitest'
import type { Expected } from '../../fixtures/suite/suite.ts'
import { differences } from '../support/differences.ts'
import type { Ended } from '../support/suite.ts'
import { verdicts } from '../support/verdicts.ts'

// Real lines of the suite, so that their marks are found.
const AT = 'src/server.ts:8'
const ELSEWHERE = 'src/admin.ts:5'
const leak = (at = AT, what = 'open on the server', note = 'told so') =>
  `CursorLeakError: FindCursor on a.b was never closed: ${what}\n  created at get (/some/${at}:5)\n  note: ${note}\n    at get (/some/${at}:5)`

const row = (more: Partial<Expected>): Expected => ({
  id: 'row',
  title: '',
  state: 'open',
  marks: ['request'],
  ...more,
})
const ended = (...texts: string[]): Ended => ({ name: 'row: a test', failed: texts.length > 0, texts })
const wrong = (expected: Expected, tests: Ended[], stderr = ''): number =>
  differences(verdicts(tests, stderr, [expected]), 'vitest', [expected]).length

test.each<[string, Partial<Expected>, Ended[], string?]>([
  ['a leak', {}, [ended(leak())]],
  ['with its note', { note: 'told' }, [ended(leak())]],
  ['behind an error', { error: 'Error: its own' }, [ended('Error: its own\n at x', leak())]],
  ['at each attempt', { again: true }, [ended(leak(), leak())]],
  ['clean', { state: 'clean', marks: [] }, [ended()]],
  ['clean, but for its own error', { state: 'clean', marks: [], error: 'Error: its own' }, [ended('Error: its own')]],
  [
    'out of time, as Vitest 5 words it',
    { state: 'clean', marks: [], error: 'Error: Test timed out' },
    [ended('TestTimeoutError: Test timed out in 60ms.')],
  ],
  ['skipped', { state: 'skipped', marks: [] }, [{ ...ended(), skipped: true }]],
  ['of a file', { at: 'file' }, [{ ...ended(leak()), outside: true }]],
  ['a warning', { at: 'warning' }, [], `cursorleak warning: ${leak().replace('CursorLeakError: ', '')}`],
  ['of another runner', { only: ['jest'] }, []],
])('as the suite says: %s', (_name, expected, tests, stderr) => {
  expect(wrong(row(expected), tests, stderr)).toBe(0)
})

test.each<[string, Partial<Expected>, Ended[]]>([
  ['missing', {}, []],
  ['passed', {}, [ended()]],
  ['at another line', {}, [ended(leak(ELSEWHERE))]],
  ['of another state', {}, [ended(leak(AT, 'unread documents left'))]],
  ['told twice', {}, [ended(leak(), leak())]],
  ['one leak too many', {}, [ended(leak(), leak(ELSEWHERE))]],
  ['without its note', { note: 'told' }, [ended(leak(AT, undefined, 'nothing'))]],
  ['with an error of its own', {}, [ended('Error: its own', leak())]],
  ['without the error of its own', { error: 'Error: its own' }, [ended(leak())]],
  ['before the error of its own', { error: 'Error: its own' }, [ended(leak(), 'Error: its own')]],
  ['named by no test', { at: 'file', names: 'other' }, [{ ...ended(leak()), outside: true }]],
  ['of a file, not of its test', {}, [ended(), { ...ended(leak()), outside: true }]],
  ['not corrected', { corrected: true }, [ended(leak())]],
  ['clean, and fails', { state: 'clean', marks: [] }, [ended('Error: its own')]],
  ['clean, and skipped', { state: 'clean', marks: [] }, [{ ...ended(), skipped: true }]],
  ['skipped, and passes', { state: 'skipped', marks: [] }, [ended()]],
])('not as the suite says: %s', (_name, expected, tests) => {
  expect(wrong(row(expected), tests)).toBeGreaterThan(0)
})
