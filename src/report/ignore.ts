import type { IgnorePredicate, IgnoreRule } from '../options.ts'
import { errorText, sayOnce } from '../say.ts'
import { catchLate, isThenable } from './callback.ts'
import { copyOf } from './copy.ts'
import type { Leak } from './leak.ts'
import { frameLines, parseFrame } from './stack-frame.ts'

/** Whether a rule names the leak: by namespace, by creating function, or by part of the path of a frame. */
export function isIgnored(leak: Leak, rules: ReadonlyArray<IgnoreRule | IgnorePredicate>): boolean {
  return rules.some((rule) => {
    if (typeof rule === 'function') return isNamed(rule, leak)
    if (typeof rule === 'string') return matchesText(leak, rule)
    return isNamed(() => matches(leak, rule), leak, 'a regular expression')
  })
}

/** A function that throws or answers late names nothing: the leak is reported, and the fault is told as the user's. */
function isNamed(rule: IgnorePredicate, leak: Leak, what = 'the function'): boolean {
  const threw = (error: unknown): void =>
    sayOnce(`${what} in the option ignore threw (${errorText(error)}); what it was asked about is reported`)
  try {
    const answer: unknown = rule(copyOf(leak))
    if (!isThenable(answer)) return Boolean(answer)
    sayOnce(
      'the function in the option ignore returned a promise, and nothing waits for it; what it was asked about is ' +
        'reported: it has to return true or false at once',
    )
    catchLate(answer, threw)
  } catch (error) {
    threw(error)
  }
  return false
}

/** A global or sticky expression keeps a position between calls: it is started anew. */
function matches(leak: Leak, { source, flags }: RegExp): boolean {
  const rule = new RegExp(source, flags.replace(/[gy]/g, ''))
  return candidates(leak).some((text) => rule.test(text))
}

function matchesText(leak: Leak, rule: string): boolean {
  if (leak.namespace === rule || leak.namespace.split('.')[0] === rule) return true
  const name = leak.createdAt?.function
  if (name !== undefined && (name === rule || name.split('.').at(-1) === rule)) return true
  return frameLines(leak.stack).some((line) => pathPart(parseFrame(line).site?.file ?? '', rule))
}

/** A whole run of path segments: `pkg` does not match `my-pkg`, `src/audit` matches `src/audit/log.ts`. */
function pathPart(file: string, rule: string): boolean {
  const [path, part] = [file, rule].map((text) => text.replace(/\\/g, '/'))
  return `/${path}/`.includes(`/${part?.replace(/^\/|\/$/g, '')}/`)
}

const candidates = (leak: Leak): string[] => [leak.namespace, leak.createdAt?.function ?? '', ...leak.stack.split('\n')]
