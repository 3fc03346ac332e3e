import path from 'node:path'
import { callsOf, type Manifest, valuesOf, wordsOf } from './commands.ts'
import { entriesOf } from './entry.ts'
import type { Judged } from './judge.ts'
import { offBy } from './off.ts'

/** Every `node --test` of the scripts, and what they start with our entry. What an environment sets from outside is not known here. */
export function judgeNodeTest(folder: string, manifest: Manifest): { name: string; judged: Judged }[] {
  return callsOf('node', manifest).flatMap(({ script, args, folder: below, env, unclear }) => {
    const root = path.resolve(folder, below)
    const all = [...wordsOf(env.NODE_OPTIONS ?? ''), ...args]
    const isSet = entriesOf(valuesOf(all, '--import', '--require', '-r'), root).includes('cursorleak/node-test')
    if (!args.includes('--test') && !isSet) return []
    const roots = [root]
    const off = offBy(env)
    const judged: Judged = unclear
      ? { roots, unclear }
      : off
        ? { roots, off }
        : isSet
          ? { roots, by: 'cursorleak/node-test' }
          : { roots, why: 'no `--import cursorleak/node-test`' }
    return [{ name: `node --test (script ${script})`, judged }]
  })
}
