import { siteOf, userFrames } from '../report/frames.ts'
import { mapped } from '../report/source.ts'
import type { ClientSite } from '../report/traced.ts'
import type { State } from '../state.ts'
import { cursorIdOf } from '../trace/closed.ts'
import { field, isObject } from '../trace/fields.ts'
import { clientOf } from '../trace/owner.ts'
import { connectionsOf } from '../trace/pools.ts'
import type { LiveRecord } from '../trace/record.ts'
import { stackText } from '../trace/stack.ts'

/**
 * From this many open clients of one line on it is "a new client each time": fewer may be one for each of a few
 * databases. One client, shared, is what the driver is made for.
 */
const GROWING = 5

export const isGrowing = ({ open }: ClientSite): boolean => open >= GROWING

/** The clients of each creation site, the most numerous first. */
export function clientSites(current: State, records: readonly LiveRecord[]): ClientSite[] {
  const sites = new Map<string, ClientSite>()
  const streams = streamsByClient(records)
  for (const [stack, built] of current.app?.clients ?? []) siteFor(sites, stack).built += built
  for (const record of records) {
    if (record.kind !== 'client' || record.closedBy) continue
    const site = siteFor(sites, stackText(record.trace) ?? '')
    const { open, checkedOut } = connectionsOf(record.target)
    site.open++
    site.connections += open
    site.checkedOut += checkedOut
    site.changeStreams += streams.get(record.target) ?? 0
    const most = maxPoolSizeOf(record.target)
    if (most !== undefined) site.maxPoolSize = Math.min(most, site.maxPoolSize ?? most)
  }
  return [...sites.values()].sort((a, b) => b.built - a.built)
}

/** The driver's open change streams by client: what stands in front of one (mongoose) is not counted twice. */
function streamsByClient(records: readonly LiveRecord[]): Map<unknown, number> {
  const counts = new Map<unknown, number>()
  for (const record of records) {
    if (record.kind !== 'changeStream' || record.resource.front || record.closedBy) continue
    if (cursorIdOf(record) === undefined) continue
    const client = clientOf(record.target)
    counts.set(client, (counts.get(client) ?? 0) + 1)
  }
  return counts
}

function maxPoolSizeOf(client: object): number | undefined {
  const options = field(client, 'options')
  const most = isObject(options) ? options.maxPoolSize : undefined
  return typeof most === 'number' && most > 0 ? most : undefined
}

function siteFor(sites: Map<string, ClientSite>, stack: string): ClientSite {
  const frames = userFrames(mapped(stack), false)
  const createdAt = siteOf(frames)
  const key = createdAt ? `${createdAt.file}:${createdAt.line}:${createdAt.column}` : ''
  const site = sites.get(key) ?? {
    ...{ createdAt, stack: frames.join('\n') },
    ...{ built: 0, open: 0, connections: 0, checkedOut: 0, changeStreams: 0 },
  }
  sites.set(key, site)
  return site
}
