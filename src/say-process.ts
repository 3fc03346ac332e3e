import { EventEmitter } from 'node:events'
import { write } from './say.ts'

const SAID = Symbol.for('cursorleak.said')

/** Prints a sentence once, not once a test file. A string: it is shared by vm contexts and must keep none alive. */
export function sayOncePerProcess(sentence: string): void {
  const host = EventEmitter as unknown as { [SAID]?: string }
  const said = host[SAID] ?? ''
  if (said.includes(sentence)) return
  Object.defineProperty(host, SAID, { value: `${said}${sentence}\n`, configurable: true, writable: true })
  write(`cursorleak: ${sentence}`)
}
