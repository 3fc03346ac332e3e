import type { Leak, Site } from './leak.ts'

const keyOf = ({ kind, state, level, namespace, operation, started, asked, createdAt }: Leak): string => {
  // Of these the namespace is the server's address: a place is one place, whatever the port.
  const where = kind === 'client' || kind === 'session' ? '' : namespace
  return [
    kind,
    state,
    level,
    where,
    operation,
    started !== undefined,
    asked,
    createdAt?.file,
    createdAt?.line,
    createdAt?.column,
  ].join('\0')
}

const withoutPorts = (hosts: string): string => [...new Set(hosts.split(',').map((h) => h.replace(/:\d+$/, '')))].join()

/** The hosts of two servers as one: without their ports, where that makes them equal. */
export function sharedHosts(a: string, b: string): string {
  if (a === b) return a
  return withoutPorts(a) === withoutPorts(b) ? withoutPorts(a) : 'several servers'
}

const isSame = (a: Site | undefined, b: Site | undefined): boolean =>
  a?.file === b?.file && a?.line === b?.line && a?.column === b?.column

/** One leak a creation site, with a count; what differs between them is left out. Keeps the order of first sight. */
export function groupLeaks(leaks: readonly Leak[]): Leak[] {
  const groups = new Map<string, Leak>()
  for (const leak of leaks) {
    const key = keyOf(leak)
    const group = groups.get(key)
    if (!group) groups.set(key, { ...leak })
    else {
      group.count += leak.count
      group.namespace = sharedHosts(group.namespace, leak.namespace)
      // No single test has done it all.
      if (group.test !== leak.test) delete group.test
      group.ageMs = Math.max(group.ageMs, leak.ageMs)
      if (group.documentsRead !== leak.documentsRead) group.documentsRead = undefined
      delete group.cursorId
      if (group.batch !== leak.batch) delete group.batch
      if (group.started !== undefined) group.started = Math.max(group.started ?? 0, leak.started ?? 0)
      if (!isSame(group.startedAgain, leak.startedAgain)) delete group.startedAgain
      if (!isSame(group.lastUse, leak.lastUse)) delete group.lastUse
      if (!group.lastUse || group.usesSince !== leak.usesSince) delete group.usesSince
      group.notes = [...new Set([...group.notes, ...leak.notes])]
    }
  }
  return [...groups.values()]
}
