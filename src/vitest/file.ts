import { options } from '../options.ts'
import { beginFile, endFile } from '../runner.ts'
import { state } from '../state.ts'
import { errorsOf, noteFile, type TestFile } from './meta.ts'
import { decodeOptions, type EncodedOptions, PROVIDED } from './plugin-options.ts'
import { closeAtWorkersEnd, leaveToWorker, type Worker } from './worker-end.ts'

/**
 * Starts the file with the plugin's options.
 * @returns whether hooks are to be registered: not when switched off, and not where a benchmark measures the user's code
 */
export function beginVitestFile(vitest: object): boolean {
  const worker = (globalThis as { __vitest_worker__?: Worker }).__vitest_worker__
  // A benchmark is a mode up to Vitest 4 and a project of its own in 5.
  if (worker?.config?.mode === 'benchmark' || worker?.config?.benchmark?.enabled === true) return false
  state().options.plugin = decodeOptions(provided(vitest))
  beginFile(worker?.filepath, keepsModules(worker?.config))
  return options().enabled
}

/**
 * Judges what the file left, behind all of its hooks and fixtures, and leaves the data for reporters.
 * @param file of Vitest's; undefined where none of its tests ran
 * @returns what to throw
 */
export async function endVitestFile(file: TestFile | undefined): Promise<readonly Error[]> {
  const { file: scope } = state()
  leaveToWorker(scope)
  const outcome = await endFile()
  closeAtWorkersEnd(scope)
  noteFile(file, outcome)
  return errorsOf(outcome)
}

/** In the vm pools each file has modules of its own in any case. */
function keepsModules({ pool = '', poolOptions, isolate }: NonNullable<Worker['config']> = {}): boolean {
  return !pool.startsWith('vm') && (poolOptions?.[pool]?.isolate ?? isolate) === false
}

function provided(vitest: object): EncodedOptions | undefined {
  const { inject } = vitest as { inject?: (key: string) => unknown }
  return inject?.(PROVIDED) as EncodedOptions | undefined
}
