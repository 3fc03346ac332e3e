/** What maps have at one place are a few; the time to sort them grows with the square of those that are alike. */
const MAX_AT_ONE_PLACE = 64
/** No path of a file is longer; the time to resolve one grows with the square of its parts. */
const MAX_PATH = 4_096
/** All paths of a map, each behind the map's root. */
const MAX_PATHS = 8 * 2 ** 20

interface RawMap {
  sections?: unknown
  mappings?: unknown
  sources?: unknown
  sourceRoot?: unknown
}

/**
 * Why reading a source map's mappings would take too long: the library that reads them is made for maps as compilers write
 * them, and nothing else of the process runs meanwhile. Takes a time in proportion to the text. Undefined where nothing is in
 * the way, also where it is no map: the library says so itself.
 */
export function whyTooCostly(text: string): string | undefined {
  const maps = mapsIn(text)
  if (maps.some(({ mappings }) => typeof mappings === 'string' && isCrowded(mappings))) {
    return `has more than ${MAX_AT_ONE_PLACE} segments at one place`
  }
  return maps.some(hasLongPaths) ? 'has paths that are too long' : undefined
}

/** The map itself, or those of its sections, which may have sections in turn. */
function mapsIn(text: string): RawMap[] {
  const found: RawMap[] = []
  const open: unknown[] = [parsed(text)]
  for (let map = open.pop(); map !== undefined; map = open.pop()) {
    if (typeof map !== 'object' || map === null) continue
    found.push(map)
    const { sections } = map as RawMap
    if (Array.isArray(sections)) for (const section of sections) open.push(section?.map ?? null)
  }
  return found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ''))
  } catch {
    // No JSON: the library tells what is wrong with it.
    return undefined
  }
}

function hasLongPaths({ sources, sourceRoot }: RawMap): boolean {
  const root = typeof sourceRoot === 'string' ? sourceRoot.length : 0
  const lengths = Array.isArray(sources) ? sources.map((source) => root + String(source ?? '').length) : [root]
  return lengths.some((length) => length > MAX_PATH) || lengths.reduce((sum, length) => sum + length, 0) > MAX_PATHS
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = Object.fromEntries([...DIGITS].map((digit, value) => [digit, value]))

/** Whether a line of the generated code has too many segments at one column: told by the first number of each segment. */
function isCrowded(mappings: string): boolean {
  const counts = new Map<number, number>()
  let column = 0
  let number = 0
  let shift = 0
  let field = 0
  for (const char of mappings) {
    if (char === ';') {
      counts.clear()
      column = 0
    }
    if (char === ';' || char === ',') {
      number = shift = field = 0
      continue
    }
    if (field > 0) continue
    const value = VALUES[char] ?? 0
    number += (value & 31) * 2 ** shift
    shift += 5
    // A further digit of the same number.
    if (value & 32 && shift < 30) continue
    field = 1
    column += number % 2 === 1 ? -Math.floor(number / 2) : number / 2
    const count = (counts.get(column) ?? 0) + 1
    if (count > MAX_AT_ONE_PLACE) return true
    counts.set(column, count)
  }
  return false
}
