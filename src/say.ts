import { state } from './state.ts'

/** Prints a sentence to stderr, once however often it comes up. */
export function sayOnce(sentence: string): void {
  const { said } = state()
  if (said.has(sentence)) return
  said.add(sentence)
  // Not console: a test may have replaced it, and runners attach it to whatever test is running.
  process.stderr.write(`cursorleak: ${sentence}\n`)
}

/** Runs our own bookkeeping inside somebody else's call: a fault of ours is said once and never reaches them. */
export function guard<T>(what: string, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    sayOnce(`internal fault while ${what}; this object is not checked. Please report it: ${describe(error)}`)
    return undefined
  }
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? String(error)) : String(error))

/** Like {@link guard} for work that waits. A wrong option is no fault of ours: that error reaches the user. */
export async function guardAsync<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && error.name === 'CursorLeakOptionError') throw error
    sayOnce(`internal fault while ${what}; leaks are not reported here. Please report it: ${describe(error)}`)
    return undefined
  }
}
