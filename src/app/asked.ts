import path from 'node:path'
import { every } from '../clock.ts'
import { existsSync, readFileSync, rmSync, writeFileSync } from '../native.ts'
import { guard, inBackground } from '../say.ts'

/** Set by `cursorleak run` for its command: the folder in which it and the traced processes leave word for each other. */
export const RUN_FOLDER = 'CURSORLEAK_RUN'
/** Holds the name of the signal that is about to be passed on. */
export const ASK = 'ask'
const POLL_MS = 100

/**
 * Answers `cursorleak run`, which asks for a report before it passes on a signal. Not by a listener to that signal: with one
 * the program would no longer die of it, least of all while its event loop is blocked.
 * @param print called where nobody in this process handles the signal; else the program ends in its own way, by `exit`
 * @returns what ends it
 */
export function answerRun(folder: string, print: () => Promise<void>): () => void {
  const [own, ask] = [path.join(folder, String(process.pid)), path.join(folder, ASK)]
  let answered = false
  const look = (): void => {
    const isAsked = existsSync(ask)
    if (isAsked === answered) return
    answered = isAsked
    if (!isAsked) {
      writeFileSync(own, '')
      return
    }
    const done = (): void => rmSync(own, { force: true })
    if (process.listenerCount(readFileSync(ask, 'utf8')) > 0) done()
    else void inBackground('printing a report', print).then(done)
  }
  const leave = (): void => rmSync(own, { force: true })
  writeFileSync(own, '')
  const stop = every(POLL_MS, () => guard('answering cursorleak run', look))
  process.once('exit', leave)
  return () => {
    stop()
    process.off('exit', leave)
    leave()
  }
}
