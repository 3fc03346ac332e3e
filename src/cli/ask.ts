import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ASK } from '../app/asked.ts'
import { sleep } from '../clock.ts'

/** A program whose event loop turns answers within a tenth of it; one that is blocked never does. */
const ANSWER_MS = 1_000
const POLL_MS = 20

/** Asks every traced process that has left its id in the folder for its report, and waits a second at most. */
export async function askForReports(folder: string, signal: NodeJS.Signals): Promise<void> {
  const ask = path.join(folder, ASK)
  // Whole at once: it may be read at any moment.
  writeFileSync(`${ask}.new`, signal)
  renameSync(`${ask}.new`, ask)
  const end = Date.now() + ANSWER_MS
  while (Date.now() < end && readdirSync(folder).some(isWaiting)) await sleep(POLL_MS)
  rmSync(ask, { force: true })
}

/** One that was killed has left its file behind. */
function isWaiting(name: string): boolean {
  if (!/^\d+$/.test(name)) return false
  try {
    return process.kill(Number(name), 0)
  } catch {
    return false
  }
}
