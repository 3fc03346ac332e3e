import { NativeError } from '../native.ts'
import type { AnyFunction } from '../trace/patch.ts'

/** Lets an error that `work` throws begin where `called` was called: a runner shows that line, not one of ours. */
export function from<T>(called: AnyFunction, work: () => T): T {
  try {
    return work()
  } catch (error) {
    try {
      if (error instanceof NativeError) NativeError.captureStackTrace(error, called)
    } catch {
      // No such function in this process: the error keeps the stack that it has.
    }
    throw error
  }
}
