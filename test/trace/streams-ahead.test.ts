import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { state } from '../../src/state.ts'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'

interface Client {
  db(name: string): { collection(name: string): { find(): { stream(options: object): object } } }
}
interface Driver {
  MongoClient: new (uri: string) => Client
}

// With a transform a cursor's stream has another one behind it, a class like thousands that nobody looks at.
test.each(['mongodb4', 'mongodb5', 'mongodb6'])(
  'both streams of a cursor of %s are seen, each time and not only when their class is new',
  (driver) => {
    startTracing()
    const { MongoClient } = createRequire(import.meta.url)(driver) as Driver
    // Never connects: a stream reads nothing before it is asked.
    const numbers = new MongoClient('mongodb://127.0.0.1:1').db('a').collection('b')
    const streamsBehind = (): number => {
      const cursor = numbers.find()
      cursor.stream({ transform: (document: object) => document })
      return state().records.get(cursor)?.streams.length ?? 0
    }
    expect([streamsBehind(), streamsBehind(), streamsBehind()]).toEqual([2, 2, 2])
    stopTracing()
  },
)
