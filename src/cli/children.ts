import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { within } from '../clock.ts'
import { DEADLY, dieOf, isOfTerminal } from './deadly.ts'

/** For what a child still has to put away: a server that its configuration started. */
const END_MS = 1_000
const KILL_MS = 200

/** Children that only answer us: nobody else would end them. */
const children = new Set<ChildProcess>()
let isEnding = false

/** From now on the child ends with this process: at its exit, and before it dies of a signal. */
export function follow(child: ChildProcess): void {
  if (children.size === 0) listen()
  children.add(child)
  const forget = (): void => {
    if (children.delete(child) && children.size === 0 && !isEnding) stopListening()
  }
  child.once('exit', forget).once('error', forget)
}

/** Whether this process is about to die: what a child answers, or fails with, is of no use any more. */
export const isDying = (): boolean => isEnding

/** Ends the children by a signal, a second later by force. */
export async function endChildren(signal: NodeJS.Signals): Promise<void> {
  isEnding = true
  const ends = allEnded()
  if (!isOfTerminal(signal)) for (const child of children) child.kill(signal)
  await within(ends, END_MS)
  await killAll()
}

/** One that is killed is waited for: else it stays in the system's list until somebody else asks for it. */
async function killAll(): Promise<void> {
  const ends = allEnded()
  kill()
  await within(ends, KILL_MS)
}

const allEnded = (): Promise<unknown> => Promise.all([...children].map((child) => once(child, 'exit')))

function kill(): void {
  for (const child of children) child.kill('SIGKILL')
}

/** A second signal does not wait. */
const onDeadly = (signal: NodeJS.Signals): void => {
  void (isEnding ? killAll() : endChildren(signal)).finally(() => {
    stopListening()
    dieOf(signal)
  })
}

function listen(): void {
  for (const signal of DEADLY) process.on(signal, onDeadly)
  process.on('exit', kill)
}

function stopListening(): void {
  for (const signal of DEADLY) process.off(signal, onDeadly)
  process.off('exit', kill)
}
