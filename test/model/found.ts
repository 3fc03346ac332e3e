import type { Call, Program } from './program.ts'

const on = (...calls: Call[]): Program['steps'] => calls.map((call) => ({ slot: 0, call, count: 1 }))
const times = (count: number, call: Call): Call[] => Array.from({ length: count }, () => call)

/** Programs that once showed a wrong verdict, or come close to one: they run beside the random ones. */
export const found: Record<string, Program> = {
  'the last batch that a limit allows has come, and more data would end there too': {
    size: 6,
    source: 'find',
    batchSize: 5,
    limit: 7,
    steps: on(...times(5, 'next'), 'hasNext'),
  },
  'the same by a stage of a pipeline': {
    size: 6,
    source: 'aggregate',
    batchSize: 5,
    limit: 7,
    steps: on(...times(5, 'next'), 'hasNext'),
  },
  'an iterator that never started runs no clean-up': {
    size: 3,
    source: 'find',
    batchSize: undefined,
    limit: undefined,
    steps: on('next', 'iterator.return', 'next'),
  },
  'a rewound cursor is read again: two are open': {
    size: 20,
    source: 'find',
    batchSize: 5,
    limit: undefined,
    steps: on('next', 'rewind', 'next'),
  },
  'a stopped forEach() of driver 4 takes the rest of its batch with it': {
    size: 130,
    source: 'find',
    batchSize: undefined,
    limit: undefined,
    steps: on('forEach and stop', 'next'),
  },
  'a stream of driver 4 has handed out what a limit allows, and nobody has counted it': {
    size: 101,
    source: 'aggregate',
    batchSize: 3,
    limit: 4,
    steps: [
      { slot: 0, call: 'loop and break', count: 2 },
      { slot: 0, call: 'stream one', count: 1 },
    ],
  },
}
