import { type Undo, wrapMethod } from '../patch.ts'
import type { Lookup } from './resource.ts'

/**
 * Drivers 5 and later close in their iterator: `break`, `return` and `throw` in a `for await` are correct code. Over
 * fewer documents than a batch, 6 and 7 never call `close()` though (they see it is closed already) and leave documents
 * buffered, so the iterator's own end has to be noted. Driver 4's iterator does not close, and is not an async generator.
 */
export function watchIterator(proto: object, lookup: Lookup): Undo {
  const method: unknown = Object.getOwnPropertyDescriptor(proto, Symbol.asyncIterator)?.value
  if (Object.prototype.toString.call(method) !== '[object AsyncGeneratorFunction]') return () => {}
  const generators = (method as AsyncGeneratorFunction).prototype as AsyncGenerator
  const owners = new WeakMap<object, { target: object; usesBefore: number }>()
  const undo = [
    wrapMethod(proto, Symbol.asyncIterator, (original) => {
      return function (this: object, ...args: unknown[]) {
        const iterator = original.apply(this, args) as object
        const record = lookup.record(this)
        if (record) {
          record.iterated = true
          owners.set(iterator, { target: this, usesBefore: record.uses })
        }
        return iterator
      }
    }),
    inherit(generators, 'return', noteEnd),
    inherit(generators, 'throw', noteEnd),
  ]
  return () => {
    for (const step of undo.reverse()) step()
  }

  function noteEnd(iterator: object): void {
    const owner = owners.get(iterator)
    const record = owner && lookup.record(owner.target)
    // One that was never started runs no clean-up: the cursor is as it was.
    if (record && record.uses > owner.usesBefore) lookup.ended(record, 'iterator')
  }
}

/** Shadows an inherited method on the prototype that all iterators of this one function share. */
function inherit(proto: AsyncGenerator, name: 'return' | 'throw', note: (iterator: object) => void): Undo {
  if (Object.hasOwn(proto, name)) return () => {}
  const original = proto[name]
  const { [name]: shadow } = {
    // A method shorthand, so that it is no constructor either, like the one it stands in front of.
    [name](this: AsyncGenerator, value: never) {
      note(this)
      return original.call(this, value)
    },
  }
  Object.defineProperty(proto, name, { value: shadow, writable: true, configurable: true, enumerable: false })
  return () => {
    if (Object.getOwnPropertyDescriptor(proto, name)?.value === shadow) Reflect.deleteProperty(proto, name)
  }
}
