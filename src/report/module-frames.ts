import { isInPackage } from './frames.ts'
import { isInFunction } from './in-function.ts'
import { sourceLines } from './source-file.ts'
import { type Frame, frameLines, parseFrame } from './stack-frame.ts'
import { packagesOf } from './stack-location.ts'

/** Node's own loaders, and what Jest's modules in the standard format sit on. */
const LOADERS = /^node:internal\/(?:modules\/(?:cjs|esm|helpers)|vm\/module)/
/** The functions by which Vite, vite-node and Vitest call a module's code. */
const CALLS_MODULE = /\b_?run(?:Inlined|External)?Module\b/
const ITS_PACKAGE = /^(?:vite|vite-node|vitest)$/
/** From where Node goes on behind an `await`. */
const QUEUE = 'node:internal/process/task_queues'
/** What calls hooks and tests: whose stack has it above any loader is code of theirs. */
const RUNNERS = /^(?:vitest|@vitest\/.*|jest-circus|jest-jasmine2|mocha)$/

/**
 * Whether an object was created by the body of a module: it is there once for all who load it, and not for the test that
 * happened to be the first.
 * @param stack of its creation, source-mapped
 */
export function isByModule(stack: string | undefined): boolean {
  const frames = frameLines(stack).map(parseFrame)
  for (const { site, name = '' } of frames) {
    if (!site) continue
    if (isLoader(site.file, name)) return true
    if (isRunner(site.file)) return false
  }
  return isAtMargin(frames.findLast(({ site }) => !site?.file.startsWith(QUEUE)))
}

function isLoader(file: string, name: string): boolean {
  if (LOADERS.test(file)) return true
  const package_ = packagesOf(file).at(-1) ?? ''
  // Inside `jest.isolateModules()` is the caller's code.
  if (package_ === 'jest-runtime') return !name.includes('isolateModules')
  return ITS_PACKAGE.test(package_) && CALLS_MODULE.test(name)
}

const isRunner = (file: string): boolean =>
  file.startsWith('node:internal/test_runner/') || RUNNERS.test(packagesOf(file).at(-1) ?? '')

/**
 * Behind a top-level `await` nothing of a loader is left in Node's own stacks: there a module's code is a frame without a
 * name, with nothing below it, as is that of a nameless function which nobody waits for. The latter is indented, or begins
 * on the same line.
 */
function isAtMargin(last: Frame | undefined): boolean {
  if (!last?.site || last.name !== undefined || isInPackage(last.site.file)) return false
  const text = sourceLines(last.site.file)?.[last.site.line - 1] ?? ''
  return /^\S/.test(text) && !isInFunction(text, last.site.column)
}
