// @ts-check
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @typedef {import('./expected.mjs').Expected} Expected */
/** @typedef {{ title: string, fullName: string, status: string, failureMessages?: string[] | null }} Assertion */
/** @typedef {{ name: string, status: string, message?: string, assertionResults: Assertion[] }} File */
/** @typedef {{ testResults: File[] }} Report Vitest's JSON report, as far as it is read here */
/** @typedef {{ ok: boolean, text: string }} Line */

/**
 * One line for each leak, one for all other tests, and one for each failure that does not belong there.
 * @param {Report} report
 * @param {Expected[]} expected
 * @returns {Line[]}
 */
export function judge(report, expected) {
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const titles = new Set(expected.map((leak) => leak.test))
  const others = tests.filter((test) => !titles.has(test.title))
  const noisy = others.filter((test) => test.status !== 'passed')
  // A file can fail by itself: it does not load, or an error is thrown after its tests.
  const files = report.testResults.filter((file) => file.message || file.assertionResults.length === 0)
  return [
    ...expected.map((leak) => judgeLeak(leak, tests)),
    {
      ok: noisy.length === 0 && others.length > 0,
      text: `${others.length - noisy.length} of ${others.length} other tests passed`,
    },
    ...noisy.map((test) => ({ ok: false, text: `"${test.fullName}" ${test.status}, but does not leak` })),
    ...files.map((file) => ({ ok: false, text: `${file.name} failed outside of its tests: ${file.message}` })),
  ]
}

/**
 * @param {Expected} leak
 * @param {Assertion[]} tests
 * @returns {Line}
 */
function judgeLeak(leak, tests) {
  const [test, second] = tests.filter((candidate) => candidate.title === leak.test)
  const [message, another] = test?.failureMessages ?? []
  const frame = message ? firstFrame(message) : undefined
  const what = `${leak.id}: "${leak.test}"`
  if (!test || second) return { ok: false, text: `${what} is not the title of exactly one test` }
  if (test.status !== 'failed' || !message) return { ok: false, text: `${what} ${test.status}, but leaks` }
  if (another || !message.startsWith('CursorLeakError: ')) {
    return { ok: false, text: `${what} failed with something else than one CursorLeakError: ${another ?? message}` }
  }
  if (frame?.file !== resolve(leak.file) || frame.line !== leak.line) {
    return {
      ok: false,
      text: `${what} names ${frame ? place(frame) : 'no line'}, but the cursor is created at ${place(leak)}`,
    }
  }
  return { ok: true, text: `${what}, created at ${place(leak)}` }
}

/**
 * The place on top of a stack, whether it is written as a path or as a file URL.
 * @param {string} stack
 * @returns {{ file: string, line: number } | undefined}
 */
export function firstFrame(stack) {
  const [, path, line] = /^\s+at (?:.*\()?(.+?):(\d+):\d+\)?$/m.exec(stack) ?? []
  if (!path) return undefined
  return { file: resolve(path.startsWith('file:') ? fileURLToPath(path) : path), line: Number(line) }
}

/** @param {{ file: string, line: number }} place */
function place({ file, line }) {
  return `${relative(process.cwd(), file)}:${line}`
}
