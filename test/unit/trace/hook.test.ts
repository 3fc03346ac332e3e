import { EventEmitter } from 'node:events'
import { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { everyEmitter, hook, isHooked, type Sink, unhook } from '../../../src/trace/hook.ts'

type Host = { init: (...args: unknown[]) => unknown }
const host = EventEmitter as unknown as Host
const before = host.init

const sinks: Sink[] = []
function newSink(): Sink & { seen: object[] } {
  const seen: object[] = []
  const sink = { seen, built: (emitter: object) => seen.push(emitter) > 0 }
  sinks.push(sink)
  return sink
}
afterEach(() => {
  for (const sink of sinks.splice(0)) unhook(sink)
  host.init = before
})

test('tells of every emitter and stream', () => {
  const sink = newSink()
  hook(sink)
  const emitter = new EventEmitter()
  const stream = new Readable({ read() {} })
  expect(sink.seen).toEqual([emitter, stream])
})

test('installed twice is installed once', () => {
  const sink = newSink()
  hook(sink)
  hook(sink)
  new EventEmitter()
  expect(sink.seen).toHaveLength(1)
})

test('leaves everything as it was', () => {
  const properties = Reflect.ownKeys(EventEmitter)
  const sink = newSink()
  hook(sink)
  expect(host.init).not.toBe(before)
  unhook(sink)
  expect(host.init).toBe(before)
  expect(Reflect.ownKeys(EventEmitter)).toEqual(properties)
  expect(isHooked(sink)).toBe(false)
})

test('looks like the function it replaces', () => {
  hook(newSink())
  expect(host.init.name).toBe(before.name)
  expect(host.init.length).toBe(before.length)
})

test('two sinks are both told, and the second outlives the first', () => {
  const [first, second] = [newSink(), newSink()]
  hook(first)
  hook(second)
  new EventEmitter()
  unhook(first)
  new EventEmitter()
  expect([first.seen.length, second.seen.length]).toEqual([1, 2])
  unhook(second)
  expect(host.init).toBe(before)
})

test('other code that wraps after us keeps working, and our part goes silent', () => {
  const sink = newSink()
  hook(sink)
  const ours = host.init
  let theirs = 0
  host.init = function (this: unknown, ...args: unknown[]) {
    theirs++
    return ours.apply(this, args)
  }
  unhook(sink)
  new EventEmitter()
  expect([theirs, sink.seen.length]).toEqual([1, 0])
})

test('a prototype that no sink wants is asked about once, until a sink is added or everything is collected', () => {
  class Other extends EventEmitter {}
  class Wanted extends EventEmitter {}
  const asked: string[] = []
  const sinkOf = (name: string): Sink => {
    const sink = {
      built(emitter: object) {
        if (emitter instanceof Other || emitter instanceof Wanted) asked.push(`${name} ${emitter.constructor.name}`)
        return emitter instanceof Wanted
      },
    }
    sinks.push(sink)
    return sink
  }
  hook(sinkOf('first'))
  for (let i = 0; i < 3; i++) new Other()
  new Wanted()
  new Wanted()
  // A class below it has a prototype of its own.
  class Below extends Other {}
  new Below()
  new Below()
  expect(asked.splice(0)).toEqual(['first Other', 'first Wanted', 'first Wanted', 'first Below'])
  const narrow = everyEmitter()
  new Other()
  narrow()
  new Other()
  expect(asked.splice(0)).toEqual(['first Other'])
  hook(sinkOf('second'))
  new Other()
  new Other()
  expect(asked).toEqual(['first Other', 'second Other'])
})
