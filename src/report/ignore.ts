import type { IgnorePredicate, IgnoreRule } from '../options.ts'
import { errorText, sayOnce } from '../say.ts'
import type { Leak } from './leak.ts'

/** Whether a rule names the leak: by namespace, by creating function, or by part of the path of a frame. */
export function isIgnored(leak: Leak, rules: ReadonlyArray<IgnoreRule | IgnorePredicate>): boolean {
  return rules.some((rule) => {
    if (typeof rule === 'function') return isNamed(rule, leak)
    if (typeof rule === 'string') return matchesText(leak, rule)
    // A global or sticky expression keeps a position between calls: start it anew.
    return candidates(leak).some((text) => new RegExp(rule.source, rule.flags.replace(/[gy]/g, '')).test(text))
  })
}

/** A function that throws names nothing: the leak is reported, and the fault is told as the user's. */
function isNamed(rule: IgnorePredicate, leak: Leak): boolean {
  try {
    return rule(leak) === true
  } catch (error) {
    sayOnce(`the function in the option ignore threw (${errorText(error)}); what it was asked about is reported`)
    return false
  }
}

function matchesText(leak: Leak, rule: string): boolean {
  if (leak.namespace === rule || leak.namespace.split('.')[0] === rule) return true
  const name = leak.createdAt?.function
  if (name !== undefined && (name === rule || name.split('.').at(-1) === rule)) return true
  return leak.stack.split('\n').some((line) => pathPart(line, rule))
}

/** A whole run of path segments: `pkg` does not match `my-pkg`, `src/audit` matches `src/audit/log.ts`. */
function pathPart(line: string, rule: string): boolean {
  const text = `/${line
    .replace(/\\/g, '/')
    .replace(/^.*\(/, '')
    .replace(/:\d+:\d+\)?$/, '')
    .replace(/^\s*at (async )?/, '')}/`
  return text.includes(`/${rule.replace(/^\/|\/$/g, '')}/`)
}

const candidates = (leak: Leak): string[] => [leak.namespace, leak.createdAt?.function ?? '', ...leak.stack.split('\n')]
