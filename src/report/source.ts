import { isThere } from '../native.ts'
import { requireHere } from '../require.ts'
import { errorText, sayOnce } from '../say.ts'
import { state } from '../state.ts'
import { isPassing } from './frames.ts'
import { lookForMap } from './source-map.ts'
import { parseFrame, withPlace } from './stack-frame.ts'
import { fileOf, isInternal, shortPath } from './stack-location.ts'

type SourceMapSupport = typeof import('source-map-support')
type Position = Parameters<SourceMapSupport['mapSourcePosition']>[0]
let support: SourceMapSupport | undefined

/**
 * Says that stacks are plain Node's here and name the compiled file: from now on we map our own frames. Called where no
 * runner maps them (Mocha, node:test, a running app); with `--enable-source-maps` they come mapped, and stay as they are.
 */
export function mapStacks(): void {
  state().mapsStacks = true
}

/**
 * A stack with its frames at their place in the sources, where a map says it: `sourceMappingURL` with a file or a data
 * URL. Frames without a map, and those of the driver and the runners, stay as they are.
 */
export function mapped(stack: string | undefined): string | undefined {
  if (stack === undefined || !state().mapsStacks) return stack
  return stack.split('\n').map(mapLine).join('\n')
}

function mapLine(line: string): string {
  const frame = parseFrame(line)
  const { site } = frame
  if (!site || isInternal(site.file) || isPassing(site.file)) return line
  const compiled = { source: site.file, line: site.line, column: site.column - 1 }
  const { source, line: row, column } = original(compiled)
  return source === compiled.source ? line : withPlace(frame, `${sourceFile(source)}:${row}:${column + 1}`)
}

/** Sources are URLs, by the source map specification: `src/%28shop%29/orders.ts`. Some compilers write bare paths instead. */
function sourceFile(source: string): string {
  const file = fileOf(source)
  if (!/%[\da-f]{2}/i.test(file) || isThere(file)) return file
  try {
    return decodeURIComponent(file)
  } catch {
    // A bare path with a percent sign in it.
    return file
  }
}

/** Looked at once a file, also where it failed: what reads the maps takes whatever file they name, of any size. */
const readable = new Map<string, boolean>()

function isReadable(compiled: string): boolean {
  const known = readable.get(compiled)
  if (known !== undefined) return known
  const { isNamed, problem } = lookForMap(compiled)
  if (problem) sayOnce(`the source map of ${shortPath(compiled)} ${problem}; its lines are not mapped`)
  const isReadableNow = isNamed && !problem
  readable.set(compiled, isReadableNow)
  return isReadableNow
}

/** Columns count from 0 here, as in maps. What has no map comes back as it went in. */
function original(position: Position): Position {
  if (!isReadable(position.source)) return position
  try {
    // Its install() would replace Error.prepareStackTrace for the whole process; this one call only reads files.
    support ??= requireHere()('source-map-support') as SourceMapSupport
  } catch {
    // The application and we are one bundle, and nothing is installed beside it.
    sayOnce(
      'source-map-support is not installed where this bundle runs, so its lines are shown as they are: install it, or start Node with --enable-source-maps',
    )
    return position
  }
  try {
    return support.mapSourcePosition(position)
  } catch (error) {
    readable.set(position.source, false)
    sayOnce(
      `the source map of ${shortPath(position.source)} can't be read (${errorText(error)}); its lines are not mapped`,
    )
    return position
  }
}
