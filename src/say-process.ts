import { EventEmitter } from 'node:events'
import { write } from './say.ts'

const FIRST = Symbol.for('cursorleak.first')

/**
 * Whether something comes up for the first time in this process. A string on a core class: it is shared by all vm contexts,
 * as Jest makes one for each file, and keeps none of them alive.
 */
export function isFirst(what: string): boolean {
  const host = EventEmitter as unknown as { [FIRST]?: string }
  const before = host[FIRST] ?? ''
  if (before.includes(`${what}\n`)) return false
  Object.defineProperty(host, FIRST, { value: `${before}${what}\n`, configurable: true, writable: true })
  return true
}

/** Prints a sentence once, not once a test file. */
export function sayOncePerProcess(sentence: string): void {
  if (isFirst(sentence)) write(`cursorleak: ${sentence}`)
}
