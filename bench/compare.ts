import { now } from '../src/clock.ts'
import { state } from '../src/state.ts'
import { startTracing } from '../src/trace/registry.ts'
import { contextOf, newScope } from '../src/trace/scope.ts'
import { stopTrace } from '../src/trace.ts'

export interface Result {
  name: string
  plainUs: number
  ratio: number
}

const ROUNDS = 11

/**
 * Runs a path by turns without and with tracing, in one process, and compares neighbours: what the machine does meanwhile
 * hits both. The median of the ratios stands against the odd slow round.
 * @param times calls in one round
 */
export async function compare(name: string, times: number, path: () => unknown, between = () => {}): Promise<Result> {
  const round = async (): Promise<number> => {
    ;(globalThis as { gc?: () => void }).gc?.()
    const start = now()
    for (let i = 0; i < times; i++) {
      const result = path()
      if (result instanceof Promise) await result
    }
    return now() - start
  }
  const traced = async (): Promise<number> => {
    startTracing()
    between()
    const scope = newScope('test', name)
    state().running.add(scope)
    try {
      return await state().als.run(contextOf(scope, 'body'), round)
    } finally {
      state().running.delete(scope)
      scope.records.clear()
      stopTrace()
    }
  }
  await round()
  await traced()
  const plain: number[] = []
  const ratios: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    // The order changes, so that neither is always the second.
    const [without, within] =
      i % 2 === 0 ? [await round(), await traced()] : await traced().then(async (t) => [await round(), t] as const)
    plain.push(without)
    ratios.push(within / without)
  }
  return { name, plainUs: (median(plain) / times) * 1_000, ratio: median(ratios) }
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
