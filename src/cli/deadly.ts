import { constants } from 'node:os'
import { ENDING } from '../app/signals.ts'

/** What ends a command of ours by default and can be caught: the signals of a terminal and of a supervisor. */
export const DEADLY: readonly NodeJS.Signals[] = [...ENDING, 'SIGQUIT']

/** Ctrl-C and Ctrl-\ in a terminal reach every process of the command: twice would make many give up their clean-up. */
export const isOfTerminal = (signal: NodeJS.Signals): boolean =>
  (signal === 'SIGINT' || signal === 'SIGQUIT') && process.stdin.isTTY

/**
 * Dies of a signal, so that a shell or a supervisor sees the same; nobody may listen to it any more.
 * @returns the exit code for one that Node is deaf to: that of a shell
 */
export function dieOf(signal: NodeJS.Signals): number {
  process.kill(process.pid, signal)
  return codeOf(signal)
}

/** The exit code by which a shell tells a signal. */
export const codeOf = (signal: NodeJS.Signals): number => 128 + (constants.signals[signal] ?? 0)
