import { inspect } from 'node:util'
import { options } from '../options.ts'
import { guard, sayOnce } from '../say.ts'
import { type State, state } from '../state.ts'
import { field } from './fields.ts'
import { isHooked } from './hook.ts'
import { type AnyFunction, disguise } from './patch.ts'
import { startTracing } from './registry.ts'

type Constructor = new (...args: unknown[]) => object

/** The driver's exported classes of which instances are judged; the others derive from these. */
const CLASSES = ['AbstractCursor', 'ChangeStream', 'MongoClient', 'ClientSession', 'GridFSBucketReadStream']

/** Set on what stands between a class and its parent: twice instrumented is once. */
const BETWEEN = Symbol.for('cursorleak.between')

/**
 * Sees the objects of one copy of the driver where they can't be seen by themselves: where other code froze Node's
 * `EventEmitter`, or a runtime does not have its `init`. Starts tracing; undone by `stopTrace()`. Elsewhere it changes
 * nothing that is seen, and calling it twice is calling it once. Objects built before are not seen.
 *
 * A mongoose cursor is seen as the driver's cursor behind it, whose stack does not show the line of the model's call.
 * @param driver the module: `import * as mongodb from 'mongodb'`, or mongoose, whose own copy of the driver is meant then
 * @throws a `TypeError` where that is no MongoDB driver
 */
export function instrument(driver: object): void {
  const classes =
    classesOf(driver) ?? classesOf(field(Object(driver), 'mongo')) ?? classesOf(field(Object(driver), 'default'))
  if (!classes) {
    const given = inspect(driver, { depth: -1 })
    throw new TypeError(
      `cursorleak: instrument() was given ${given}; pass the driver's module, as by: import * as mongodb from 'mongodb'`,
    )
  }
  if (!options().enabled) return
  startTracing()
  for (const one of classes) guard('instrumenting a class', () => stepBetween(one, state()))
}

function classesOf(driver: unknown): Constructor[] | undefined {
  if (typeof driver !== 'object' && typeof driver !== 'function') return undefined
  const found = CLASSES.map((name) => field(Object(driver), name)).filter((one) => typeof one === 'function')
  return typeof field(Object(driver), 'AbstractCursor') === 'function' ? (found as Constructor[]) : undefined
}

/** `super()` calls whatever is the class's prototype at that moment: a constructor of ours, which calls the parent. */
function stepBetween(target: Constructor, current: State): void {
  const parent = Object.getPrototypeOf(target) as Constructor & { [BETWEEN]?: true }
  if (Object.hasOwn(parent, BETWEEN)) return
  if (!Object.isExtensible(target)) {
    sayOnce(`the driver's class ${target.name} is frozen, so instrument() can't see its objects`)
    return
  }
  const between = disguise(
    function (this: unknown, ...args: unknown[]) {
      const built = Reflect.construct(parent, args, new.target ?? parent) as object
      // With the hook on, it has told of this object already.
      if (current.sink && !isHooked(current.sink)) current.sink.built(built)
      return built
    },
    parent as unknown as AnyFunction,
  )
  Object.setPrototypeOf(between, parent)
  Object.defineProperty(between, BETWEEN, { value: true, enumerable: false })
  Object.setPrototypeOf(target, between)
  current.instrumented.add(target)
  current.undo.push(() => {
    current.instrumented.delete(target)
    // Somebody stepped between after us: taking ours out would take theirs out too.
    if (Object.getPrototypeOf(target) === between) Object.setPrototypeOf(target, parent)
  })
}
