import { expect, test } from 'vitest'
import { type AnyFunction, wrapMethod } from '../../../src/trace/patch.ts'

const passOn = (original: AnyFunction): AnyFunction =>
  function (this: unknown, ...args: unknown[]) {
    return original.apply(this, args)
  }

class Thing {
  add(a: number, b: number): number {
    return a + b
  }
}

test('a wrapped method looks the same, and is put back', () => {
  const before = Object.getOwnPropertyDescriptor(Thing.prototype, 'add')
  const undo = wrapMethod(Thing.prototype, 'add', passOn)
  const during = Object.getOwnPropertyDescriptor(Thing.prototype, 'add')
  expect(during).toMatchObject({ enumerable: false, writable: true, configurable: true })
  expect([during?.value.name, during?.value.length]).toEqual(['add', 2])
  expect(during?.value).not.toBe(before?.value)
  expect(new Thing().add(1, 2)).toBe(3)
  undo()
  expect(Object.getOwnPropertyDescriptor(Thing.prototype, 'add')).toEqual(before)
})

test('an async method stays of the class AsyncFunction, which libraries ask for', () => {
  class Reader {
    async next(): Promise<void> {}
  }
  const undo = wrapMethod(Reader.prototype, 'next', passOn)
  expect(Object.prototype.toString.call(Reader.prototype.next)).toBe('[object AsyncFunction]')
  expect(Reader.prototype.next.constructor.name).toBe('AsyncFunction')
  undo()
})

test('a wrapper that came after ours stays', () => {
  const undo = wrapMethod(Thing.prototype, 'add', passOn)
  const theirs = () => 42
  Thing.prototype.add = theirs
  undo()
  expect(Thing.prototype.add).toBe(theirs)
})

test('a method that is not there is left alone', () => {
  const target = Object.freeze({ fixed() {} })
  expect(() => wrapMethod({}, 'none', passOn)()).not.toThrow()
  expect(() => wrapMethod(target, 'fixed', passOn)()).not.toThrow()
})
