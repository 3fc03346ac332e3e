import { expect, inject, test } from 'vitest'
import { reach } from './projects.ts'

const EACH = [
  'orders a.test.mjs > leaks',
  'orders b.test.mjs > leaks',
  'users a.test.mjs > leaks',
  'users b.test.mjs > leaks',
]
const ALL = { plugin: true }
const ONE_BY_ONE = ['--no-isolate', '--no-file-parallelism']

/** What holds in every version with projects: all of them are reached from the root, each file once. */
export function projectsOf(where: () => { cwd: string; node?: string }): void {
  const ran = (set: object, args: string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const { cwd, node } = where()
    const uri = { MONGODB_URI: inject('mongoUri') }
    return reach(cwd, set, args, { ...uri, ...env }, node)
  }

  test.each<[string, object, string[]]>([
    ['the plugin', ALL, []],
    ['the plugin, without isolation', ALL, ONE_BY_ONE],
    ['the plugin, in a vm pool', ALL, ['--pool=vmThreads']],
    ['the setup file and the reporter', { setup: true, reporter: true }, []],
    ['the reporter, without isolation', { reporter: true }, ONE_BY_ONE],
  ])('%s at the root only: every project is checked, and there is one summary', async (_name, set, args) => {
    const { failed, summary, output } = await ran(set, args)
    expect(failed, output).toEqual(EACH)
    expect(summary[0], output).toBe('cursorleak  4 cursors from 1 place; 8 cursors seen, the checks took <time>')
    expect(output.match(/^cursorleak {2}/gm)).toHaveLength(1)
    expect(output).not.toContain('not checked')
  })

  test('the options of the root reach them', async () => {
    const { failed, summary, output } = await ran({ plugin: true, options: { levels: { open: 'warn' } } })
    expect(failed, output).toEqual([])
    expect(summary[0], output).toBe(
      'cursorleak  4 cursors from 1 place, only warned about; 8 cursors seen, the checks took <time>',
    )
  })

  test('a project that is switched off stays so', async () => {
    const { failed, output } = await ran(ALL, [], { OFF: '1' })
    expect(failed, output).toEqual(EACH.slice(0, 2))
    expect(output).not.toContain('not checked')
  })

  test('verbose lists what was checked', async () => {
    const { summary, output } = await ran(ALL, [], { CURSORLEAK: 'verbose' })
    expect(summary.slice(-2).sort(), output).toEqual([
      'checked: 2 test files of the project orders',
      'checked: 2 test files of the project users',
    ])
  })
}
