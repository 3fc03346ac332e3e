import { later } from './clock.ts'
import { NativeError, writeSync } from './native.ts'
import { printable, printableLines } from './report/printable.ts'
import { state } from './state.ts'

/** Room for a sentence with a path or two in it. */
const MAX = 2_000

/**
 * Prints a sentence to stderr, once however often it comes up.
 * @param details lines below it: a stack
 */
export function sayOnce(sentence: string, details = ''): void {
  const { said } = state()
  if (said.has(sentence)) return
  said.add(sentence)
  write(`cursorleak: ${printable(sentence, MAX)}${details && `\n${printableLines(details)}`}`)
}

/**
 * Writes lines to stderr. Not by console: a test may have replaced it, and runners attach it to whatever test is running.
 * A `process.stderr.write` that a test has replaced, and that throws, must not fail that test for a line of ours.
 */
export function write(text: string): void {
  try {
    const { stderr } = process
    stderr.write(`${text}\n`, (error) => {
      if (error) catchEvent(stderr, error)
    })
  } catch {
    writeRaw(text)
  }
}

/** The event comes at once, or never: a stream of somebody else's may be closed already. */
const EVENT_MS = 1_000

/**
 * That nobody reads any more is told behind the write, as an event, and an `error` that nobody listens to ends the process.
 * A stream calls back before it emits, so we need to listen only where a write of ours has failed, and for that error only:
 * one of the user's own writes ends the process as it does without us.
 */
function catchEvent(stream: NodeJS.WritableStream, error: Error): void {
  const listener = (told: Error): void => {
    stream.off('error', listener)
    if (told !== error && stream.listenerCount('error') === 0) throw told
  }
  stream.on('error', listener)
  later(EVENT_MS, () => stream.off('error', listener))
}

function writeRaw(text: string): void {
  try {
    writeSync(2, `${text}\n`)
  } catch {
    // Closed: nobody would read it, and there is no other place to say so.
  }
}

/** Runs our own bookkeeping inside somebody else's call: a fault of ours is said once and never reaches them. */
export function guard<T>(what: string, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    sayFault(`internal fault while ${what}; this object is not checked`, error)
    return undefined
  }
}

/** Tells of a fault of ours, once. */
export function sayFault(sentence: string, error: unknown): void {
  sayOnce(`${sentence}. Please report it: ${errorText(error)}`, framesOf(error))
}

/** What an error of anybody's says, in one line: also of one that can't be turned into text. */
export function errorText(error: unknown): string {
  try {
    return printable(String(error), MAX)
  } catch {
    return 'what was thrown has no text'
  }
}

/** Only lines that are frames: the others are the message, which may hold anything. */
function framesOf(error: unknown): string {
  try {
    const stack: unknown = error instanceof NativeError ? error.stack : undefined
    const lines = typeof stack === 'string' ? stack.split('\n') : []
    return lines.filter((line) => /^\s+at /.test(line)).join('\n')
  } catch {
    // Somebody's getter: the sentence says what is known.
    return ''
  }
}

/** Like {@link guard} for work that waits. A wrong option is no fault of ours: that error reaches the user. */
export async function guardAsync<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof NativeError && error.name === 'CursorLeakOptionError') throw error
    sayFault(`internal fault while ${what}; leaks are not reported here`, error)
    return undefined
  }
}

/** Like {@link guardAsync} where nobody waits: a wrong option is said, too. */
export function inBackground(what: string, work: () => Promise<unknown>): Promise<void> {
  return guardAsync(what, work).then(
    () => {},
    (error: unknown) => sayOnce(errorText(error).replace(/^(CursorLeakOptionError: )?cursorleak: /, '')),
  )
}
