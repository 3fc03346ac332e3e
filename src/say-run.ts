import { createHash } from 'node:crypto'
import path from 'node:path'
import { writeFileSync } from './native.ts'
import { JEST_NOTES, VITEST_NOTES } from './report/collected.ts'
import { codeOf } from './report/read-file.ts'
import { isFirst } from './say-process.ts'
import { makeFolder } from './temporary.ts'

/**
 * Whether something comes up for the first time in this run where a reporter of ours is there, else in this process: a
 * runner may start one for each test file.
 */
export function isFirstOfRun(what: string): boolean {
  if (!isFirst(what)) return false
  const notes = [VITEST_NOTES, JEST_NOTES].map((name) => process.env[name]).find(Boolean)
  if (notes === undefined) return true
  const folder = path.dirname(notes)
  try {
    makeFolder(folder)
    writeFileSync(path.join(folder, createHash('sha256').update(what).digest('hex')), '', { flag: 'wx' })
    return true
  } catch (error) {
    // Where it can't be written it is said once a process.
    return codeOf(error) !== 'EEXIST'
  }
}
