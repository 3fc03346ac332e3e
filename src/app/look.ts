import { state } from '../state.ts'
import type { App } from '../trace/app.ts'
import { look } from '../trace/light.ts'
import { linkFronts } from '../trace/link.ts'

/** Looks at all that is held weakly. First at what stands in front of a cursor: it is looked at as that cursor. */
export function lookAll(app: App): void {
  linkFronts(state())
  look(app.store)
}
