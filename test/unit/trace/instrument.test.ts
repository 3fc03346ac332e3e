import { afterEach, expect, test } from 'vitest'
import { instrument } from '../../../src/trace/instrument.ts'
import { stopTracing } from '../../../src/trace/registry.ts'

afterEach(stopTracing)

test.each([
  [undefined, 'undefined'],
  [{}, '{}'],
  [{ MongoClient: class {} }, '[Object]'],
  ['mongodb', "'mongodb'"],
])('%s is no driver', (given, shown) => {
  expect(() => instrument(given as object)).toThrow(
    new TypeError(
      `cursorleak: instrument() was given ${shown}; pass the driver's module, as by: import * as mongodb from 'mongodb'`,
    ),
  )
})

test('a parent by any name: its statics, and what its instances are, stay', () => {
  class Parent {
    static shared = 1
    readonly args: unknown[]
    constructor(...args: unknown[]) {
      this.args = args
    }
  }
  class AbstractCursor extends Parent {}
  class Leaf extends AbstractCursor {}
  instrument({ AbstractCursor })
  const leaf = new Leaf(1, 2)
  expect(leaf.args).toEqual([1, 2])
  expect([leaf instanceof Leaf, leaf instanceof Parent, leaf.constructor]).toEqual([true, true, Leaf])
  expect([AbstractCursor.shared, Object.getPrototypeOf(AbstractCursor).name]).toEqual([1, 'Parent'])
  stopTracing()
  expect(Object.getPrototypeOf(AbstractCursor)).toBe(Parent)
})
