import type { Leak, Site } from './leak.ts'

/** A leak to hand to somebody else's function: whatever it changes, the message and the report stay as they are. */
export function copyOf<T extends Leak>(leak: T): T {
  const { createdAt, lastUse, notes } = leak
  return { ...leak, createdAt: siteOf(createdAt), ...(lastUse && { lastUse: siteOf(lastUse) }), notes: [...notes] }
}

const siteOf = (site: Site | undefined): Site | undefined => site && { ...site }
