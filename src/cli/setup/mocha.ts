import { askProgram } from './ask.ts'
import { valuesOf } from './commands.ts'
import { entriesOf } from './entry.ts'
import type { Judged } from './judge.ts'
import type { Run } from './runs.ts'

/** Run inside the project: Mocha's own function for it, which it documents for editors. */
const PROGRAM = `
import { createRequire } from 'node:module'
import path from 'node:path'
const here = createRequire(path.resolve('x'))
const home = path.dirname(here.resolve('mocha/package.json'))
const load = (file) => { try { return here(path.join(home, 'lib/cli', file)) } catch (error) { if (error.code !== 'MODULE_NOT_FOUND') throw error } }
const { loadOptions } = load('options.js') ?? load('options.cjs')
const options = loadOptions(process.argv.slice(1).filter((word, i) => i > 0 || word !== '--'))
const list = (value) => [value ?? []].flat().map(String)
await answer({ require: list(options.require), node: [...list(options['node-option']).map((one) => '--' + one), ...list(options.import).map((one) => '--import=' + one)] })
process.exit(0)
`

export async function judgeMocha({ args, folder, env }: Run): Promise<Judged[]> {
  const { require, node } = await askProgram<{ require: string[]; node: string[] }>(PROGRAM, args, folder, env)
  const entries = entriesOf(require, folder)
  if (entries.includes('cursorleak/mocha')) return [{ roots: [folder], by: 'cursorleak/mocha' }]
  const imported = entriesOf(valuesOf([...node, ...args], '--import'), folder)
  if (imported.includes('cursorleak/mocha')) {
    return [{ roots: [folder], why: 'Mocha takes no hooks from `--import`: write `--require cursorleak/mocha`' }]
  }
  const [other] = entries
  const instead = other ? `\`${other}\` checks no test of Mocha: ` : ''
  return [{ roots: [folder], why: `${instead}no \`cursorleak/mocha\` in its \`--require\`` }]
}
