import { callsOf, type Manifest, valuesOf } from './commands.ts'
import { entriesOf } from './entry.ts'
import type { Judged } from './judge.ts'

/** Every `node --test` of the scripts. What an environment sets from outside is not known here. */
export function judgeNodeTest(folder: string, manifest: Manifest): { name: string; judged: Judged }[] {
  return callsOf('node', manifest)
    .filter(({ args }) => args.includes('--test'))
    .map(({ script, args }) => {
      const loaded = entriesOf(valuesOf(args, '--import', '--require', '-r'), folder)
      const isSet = loaded.includes('cursorleak/node-test')
      const judged: Judged = isSet
        ? { roots: [folder], by: 'cursorleak/node-test' }
        : { roots: [folder], why: 'no `--import cursorleak/node-test`' }
      return { name: `node --test (script ${script})`, judged }
    })
}
