import { type BaselineSite, keyOf, placeOf, readBaseline, siteOfLeak } from './baseline.ts'
import { FIELDS } from './baseline-text.ts'
import type { Leak } from './leak.ts'
import { lineOf } from './source-line.ts'
import { functionOf } from './stack-frame.ts'

interface Known {
  file: string
  /** How many places are known, by the key of what they have in common. */
  counts: Map<string, number>
  /** Keys without a line's text, of files of version 1. */
  old: Set<string>
  /** Which places were met so far, in the order of first sight. */
  met: Map<string, string[]>
}

let cache: Known | undefined

/**
 * Whether the baseline knows this leak. A second place with the same text of line, in the same function, is another leak:
 * only as many are known as there were. Which of them is the new one nobody can tell; the one that is met last is told.
 */
export function isKnown(leak: Leak, file: string): boolean {
  if (cache?.file !== file) cache = read(file)
  const { counts, old, met } = cache
  const site = siteOfLeak(leak, file)
  if (!site) return false
  if (old.has(oldKey(site, site.function))) return true
  const key = keyOfKnown(site)
  // A file may be edited while this process lives on: a place counts as long as it has its text.
  const still = (place: string): boolean =>
    !leak.createdAt || (lineOf({ file: leak.createdAt.file, line: Number.parseInt(place, 10) }) ?? '') === site.code
  const places = (met.get(key) ?? []).filter(still)
  const place = placeOf(leak)
  if (!places.includes(place)) places.push(place)
  met.set(key, places)
  return places.indexOf(place) < (counts.get(key) ?? 0)
}

function read(file: string): Known {
  const known: Known = { file, counts: new Map(), old: new Set(), met: new Map() }
  for (const site of readBaseline(file)) {
    if (site.code === undefined) for (const name of namesOf(site)) known.old.add(oldKey(site, name))
    else {
      const key = keyOfKnown(site)
      // Where two branches were merged a site may stand twice.
      known.counts.set(key, Math.max(known.counts.get(key) ?? 0, site.count ?? 1))
    }
  }
  return known
}

/** A method's receiver may be of a class that inherits it: the method's own name is enough beside the line's text. */
const keyOfKnown = (site: BaselineSite): string =>
  keyOf({ ...site, function: site.function.replace(/^.*\.(?!.* )/, '') })

const oldKey = (site: BaselineSite, name: string): string =>
  JSON.stringify(FIELDS.map((field) => (field === 'function' ? name : site[field])))

/** Names were written down as a runner printed them, `Object.find [as first]`: which part is the user's is not known. */
function namesOf({ function: name }: BaselineSite): string[] {
  const [, as] = / \[as ([^\]]*)\]$/.exec(name) ?? []
  return [functionOf(name), ...(as === undefined ? [] : [as])]
}
