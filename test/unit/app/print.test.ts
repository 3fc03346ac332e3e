import { afterEach, expect, test, vi } from 'vitest'
import { printTrace } from '../../../src/app/print.ts'
import { startTrace, stopTrace } from '../../../src/trace.ts'

afterEach(() => {
  vi.restoreAllMocks()
  stopTrace()
})

test.each<[unknown, string]>([
  [null, 'cursorleak: printTrace(): the options are null; allowed: an object with "format", "idleMs"'],
  ['json', `cursorleak: printTrace(): the options are 'json'; allowed: an object with "format", "idleMs"`],
  [[], 'cursorleak: printTrace(): the options are []; allowed: an object with "format", "idleMs"'],
  [{ idle: 5 }, 'cursorleak: printTrace(): there is no option "idle"; there are "format", "idleMs"'],
  [{ constructor: 5 }, 'cursorleak: printTrace(): there is no option "constructor"; there are "format", "idleMs"'],
  [{ format: 'xml' }, `cursorleak: printTrace(): format is "xml"; allowed: 'text' or 'json'`],
  [{ format: 5n }, "cursorleak: printTrace(): format is 5n; allowed: 'text' or 'json'"],
  [{ idleMs: Number.NaN }, 'cursorleak: printTrace(): idleMs is NaN; allowed: milliseconds from 0'],
  [{ idleMs: '5' }, `cursorleak: printTrace(): idleMs is '5'; allowed: milliseconds from 0`],
  [{ idleMs: -1 }, 'cursorleak: printTrace(): idleMs is -1; allowed: milliseconds from 0'],
])('printTrace(%o)', (given, sentence) => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  expect(() => printTrace(given as object)).toThrow(new TypeError(sentence))
  expect(written).not.toHaveBeenCalled()
})

test.each([null, 0, '', 'json', []])('startTrace(%j) is refused, and traces nothing', (given) => {
  expect(() => startTrace(given as object)).toThrow('cursorleak: startTrace(): option "options" is ')
})
