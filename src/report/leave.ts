import path from 'node:path'
import { appendFileSync, readFileSync } from '../native.ts'
import { errorText, sayOnce } from '../say.ts'
import { makeFolder } from '../temporary.ts'
import { codeOf } from './read-file.ts'

/** Leaves a line for the reporter of this run in its file, which is made with the first one. */
export function leaveLine(file: string, line: string): void {
  try {
    try {
      appendFileSync(file, `${line}\n`)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      makeFolder(path.dirname(file))
      appendFileSync(file, `${line}\n`)
    }
  } catch (error) {
    sayOnce(`what was found can't be left for the reporter, whose summary lacks it: ${errorText(error)}`)
  }
}

/** What was left there so far. */
export function linesLeft(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') sayOnce(`what was found can't be read by the reporter: ${errorText(error)}`)
    return ''
  }
}
