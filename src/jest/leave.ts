import { state } from '../state.ts'
import { stopTracing } from '../trace/registry.ts'

/**
 * Takes out of the process what would keep this file's vm context alive, or would cost the files after it: the emitter
 * hook, and the two stores, which Node before 24 keeps on a list that every asynchronous operation walks.
 */
export function leaveFile(): void {
  state().users.runner = false
  stopTracing()
  const { als, ownCalls } = state()
  als.disable()
  ownCalls.disable()
}
