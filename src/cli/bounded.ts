import { within } from '../clock.ts'

/** A server that answers at all does so sooner; one that only accepts the connection never does. */
export const ANSWER_MS = 5_000
/** What the driver still has to say to a server is not worth waiting for. */
const CLOSE_MS = 500

const NONE = Symbol('no answer')

/**
 * Waits for a server's answer, but no longer than {@link ANSWER_MS}, whatever time limits the driver keeps.
 * @throws an Error that says so
 */
export async function answer<T>(work: Promise<T>): Promise<T> {
  const settled = await within<T | typeof NONE>(work, ANSWER_MS).then((value) => (value === undefined ? NONE : value))
  if (settled === NONE) throw new Error(`no answer within ${ANSWER_MS} ms`)
  return settled as T
}

/** Closes a client; one that can't be closed in time is left to the end of the process. */
export async function closeSoon(client: { close(): Promise<unknown> }): Promise<void> {
  await within(
    client.close().catch(() => undefined),
    CLOSE_MS,
  )
}
