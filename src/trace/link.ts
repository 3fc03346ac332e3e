import { guard } from '../say.ts'
import type { State } from '../state.ts'
import { drop, isHeld, keep } from './keep.ts'
import type { LiveRecord } from './record.ts'

/**
 * A mongoose cursor and a GridFS download stream build the driver's cursor later, after hooks and lookups: that cursor's
 * own stack has no line of the user's, and it may be built in a context of another test. As soon as the object in front
 * holds it, it takes over where and when the front was created, and is judged in the front's place: one leak, not two.
 * Looked for at each check and each close, since nothing tells of the assignment itself.
 */
export function linkFronts(current: State): void {
  for (const ref of current.fronts) {
    const front = ref.deref()
    const inner = front && guard('looking behind an object', () => front.resource.front?.inner(front.target))
    if (front && typeof inner === 'object' && inner !== null) {
      current.fronts.delete(ref)
      const record = current.records.get(inner)
      if (record && !record.front) takeOver(current, record, front)
    } else if (!front || !isHeld(current, front)) current.fronts.delete(ref)
  }
}

function takeOver(current: State, record: LiveRecord, front: LiveRecord): void {
  const { trace, by, test, note, guessed, late, kept, builtAt, fixture } = front
  Object.assign(record, { front, trace, by, test, note, guessed, late, kept, builtAt, fixture })
  // A front whose scope was judged meanwhile is in none: then the driver object stays where it is.
  if (!isHeld(current, front)) return
  drop(current, front)
  drop(current, record)
  delete record.light
  record.scope = front.scope
  keep(current, record)
}
