import { constants } from 'node:os'
import { errorText, guard, sayOnce } from '../say.ts'
import { word } from '../shown.ts'

type Stop = () => void

/** Signals that end a program by default: without a listener Node dies of them and no `exit` event comes. */
export const ENDING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Calls `print` whenever the signal comes. */
export function onSignal(name: string, print: () => void): Stop {
  if (!Object.hasOwn(constants.signals, name)) {
    sayOnce(`CURSORLEAK_SIGNAL is ${word(name)}, which is no signal of this system; allowed: SIGUSR2, SIGHUP, …`)
    return () => {}
  }
  const listener = (): void => void guard('printing a report', print)
  try {
    process.on(name, listener)
  } catch (error) {
    // SIGKILL and SIGSTOP can't be listened to; a worker thread gets no signals.
    sayOnce(`the signal ${name} can't be listened to (${errorText(error)}); the report is printed at exit only`)
    return () => {}
  }
  return () => process.off(name, listener)
}

/**
 * Calls `print` before the process dies of a signal that nobody handles, and lets it die of that signal. As soon as the
 * program listens itself, ours is taken away: then it ends in its own way, and comes by `exit`.
 */
export function beforeDeath(print: () => void): Stop {
  const stops = ENDING.map((name) => {
    const listener = (): void => {
      guard('printing a report', print)
      process.off('removeListener', removed).off('newListener', added).off(name, listener)
      process.kill(process.pid, name)
    }
    const added = (event: string | symbol): void => {
      // Theirs is not there yet, and Node stops to listen with the last one: ours goes once both are there.
      if (event === name) process.nextTick(leave)
    }
    const leave = (): void => {
      if (process.listenerCount(name) > 1) process.off(name, listener)
    }
    const removed = (event: string | symbol): void => {
      if (event === name && process.listenerCount(name) === 0) install()
    }
    const install = (): void => {
      if (process.listenerCount(name) > 0) return
      process.off('newListener', added)
      process.on(name, listener)
      process.on('newListener', added)
    }
    process.on('removeListener', removed)
    install()
    return () => process.off('removeListener', removed).off('newListener', added).off(name, listener)
  })
  return () => {
    for (const stop of stops) stop()
  }
}
