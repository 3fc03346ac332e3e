import { CursorLeakSetupError } from '../runner-here.ts'
import { write } from '../say.ts'
import { state } from '../state.ts'

const WAY =
  'Mocha takes our hooks from its own `--require` alone: `mocha --require cursorleak/mocha`, or "require": ["cursorleak/mocha"] in .mocharc.json'

/** Whether Mocha's interface stands on the global object: files of tests are being loaded, or were. */
const isLoadingTests = (): boolean =>
  ['describe', 'suite'].some((name) => typeof (globalThis as Record<string, unknown>)[name] === 'function')

/**
 * Sees to it that a run whose hooks Mocha never asks for is not green and silent: an import in a test file fails at once,
 * `--import` at the end, since `--require` may still come.
 */
export function watchForUse(): void {
  if (isLoadingTests()) throw new CursorLeakSetupError(`cursorleak/mocha was loaded by a test file: ${WAY}`)
  process.on('exit', atExit)
  process.on('newListener', stayLast)
}

/** Called where Mocha takes the hooks: from then on this process is watched by nobody but them. */
export function hooksTaken(): void {
  state().hooksTaken = true
  process.off('exit', atExit)
  process.off('newListener', stayLast)
}

function atExit(code: number): void {
  // By another copy of this file, maybe.
  if (state().hooksTaken) return
  // With --parallel the files of tests are loaded by other processes.
  const ran = isLoadingTests() || state().seen.cursors > 0 || process.argv.includes('--parallel')
  if (!ran) return
  write(`cursorleak: nothing was checked: ${WAY}, not from node's \`--import\` or \`--require\``)
  process.exitCode = code || 1
}

/** Mocha sets its exit code in a listener that it adds at the end of a run: ours has to be behind it. */
function stayLast(event: string | symbol): void {
  if (event !== 'exit') return
  process.off('newListener', stayLast)
  queueMicrotask(() => {
    if (state().hooksTaken) return
    process.off('exit', atExit)
    process.on('exit', atExit)
    process.on('newListener', stayLast)
  })
}
