/** Undoes one change; called in reverse order of the changes. */
export type Undo = () => void

// biome-ignore lint/suspicious/noExplicitAny: a wrapped method has whatever signature the driver gave it
export type AnyFunction = (this: any, ...args: any[]) => any

/**
 * Replaces an own method of a prototype by a wrapper that looks the same from outside (name, length, descriptor).
 * Does nothing where the prototype has no such own method: a driver's version may lack it.
 */
export function wrapMethod(proto: object, name: PropertyKey, wrap: (original: AnyFunction) => AnyFunction): Undo {
  const descriptor = Object.getOwnPropertyDescriptor(proto, name)
  if (descriptor === undefined || typeof descriptor.value !== 'function' || !descriptor.configurable) return () => {}
  const original = descriptor.value as AnyFunction
  const wrapper = disguise(wrap(original), original)
  Object.defineProperty(proto, name, { ...descriptor, value: wrapper })
  return () => {
    // Somebody wrapped after us: taking ours out would take theirs out too.
    if (Object.getOwnPropertyDescriptor(proto, name)?.value === wrapper) Object.defineProperty(proto, name, descriptor)
  }
}

/** Gives a wrapper the name, the length, the class (`AsyncFunction`) and every own property of what it wraps. */
export function disguise(wrapper: AnyFunction, original: AnyFunction): AnyFunction {
  const kind = Object.getPrototypeOf(original) as object | null
  if (Object.getPrototypeOf(wrapper) !== kind) Object.setPrototypeOf(wrapper, kind)
  for (const key of Reflect.ownKeys(original)) {
    const own = Object.getOwnPropertyDescriptor(original, key)
    const ours = Object.getOwnPropertyDescriptor(wrapper, key)
    if (own && (ours === undefined || ours.configurable)) Object.defineProperty(wrapper, key, own)
    else if (own && ours?.writable && 'value' in own) Reflect.set(wrapper, key, own.value)
  }
  return wrapper
}
