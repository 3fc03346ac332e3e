import { siteOf, userFrames } from '../report/frames.ts'
import { printable } from '../report/printable.ts'
import { mapped } from '../report/source.ts'
import { shortPath } from '../report/stack-location.ts'
import { optionsOf } from './bounds/bound.ts'
import { field, isObject } from './fields.ts'
import { type AnyFunction, type Undo, wrapMethod } from './patch.ts'
import type { Lookup } from './resources/resource.ts'
import { stackText, type Trace } from './stack.ts'

/**
 * `tagComments`: the first command of a cursor carries where it was created. Every major reads its options synchronously
 * in `_initialize`, into an object of the command's own: the comment is there for that call only, so that the cursor's
 * options, and clones of it, stay as its user made them.
 */
export function tagCommands(proto: object, lookup: Lookup): Undo {
  return wrapMethod(proto, '_initialize', (original) => {
    return function (this: object, ...args: unknown[]) {
      const options = commentable(this)
      const comment = options && siteText(lookup.record(this)?.trace)
      return comment ? withComment(options, comment, () => original.apply(this, args)) : original.apply(this, args)
    } as AnyFunction
  })
}

/** The options that the command is made from, unless a comment is in them. */
function commentable(cursor: object): Record<string, unknown> | undefined {
  if (optionsOf(cursor).comment !== undefined) return undefined
  const options = field(cursor, 'cursorOptions', 'options')
  return isObject(options) && !Object.isFrozen(options) ? options : undefined
}

function withComment<T>(options: Record<string, unknown>, comment: string, call: () => T): T {
  options.comment = comment
  try {
    return call()
  } finally {
    delete options.comment
  }
}

function siteText(trace: Trace | undefined): string | undefined {
  const site = trace && siteOf(userFrames(mapped(stackText(trace)), true))
  return site && printable(`${shortPath(site.file)}:${site.line} ${site.function}`)
}
