import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'

export type Module = Record<string, unknown>
export type Anything = (...args: unknown[]) => unknown

/** A detector with a fault of the kind that a mistake makes: one of our modules, changed. */
export interface Mutant {
  name: string
  /** From here. */
  module: string
  change(module: Module): Module
  /** The row that shows it; a table's own name where any of its rows may. */
  shownBy: string
}

/** Some exports of a module, changed. */
export const changed = (name: string, shownBy: string, file: string, change: Mutant['change']): Mutant => ({
  name,
  shownBy,
  module: `../../src/${file}.ts`,
  change,
})

/** Some parts of one export, changed; `resource` is its name. */
export const part = (
  name: string,
  shownBy: string,
  file: string,
  resource: string,
  change: object | ((real: Record<string, Anything>) => object),
): Mutant =>
  changed(name, shownBy, `trace/resources/${file}`, (module) => {
    const real = module[resource] as Record<string, Anything>
    return { [resource]: { ...real, ...(typeof change === 'function' ? change(real) : change) } }
  })

/** One of a cursor's methods is not watched. */
export const unwatched = (method: string, shownBy: string): Mutant =>
  changed(`does not see ${method}()`, shownBy, 'trace/patch', ({ wrapMethod }) => ({
    wrapMethod: (proto: object, key: PropertyKey, wrap: unknown) =>
      key === method && Object.hasOwn(proto, 'bufferedCount') ? () => {} : (wrapMethod as Anything)(proto, key, wrap),
  }))

/**
 * Every mutant has to be found out by the row that is said to show it, and the detector as it is by none of them.
 * @param firstWrong runs rows with our modules, which it has to import anew, on a server that all share, and tells the first that came out wrong
 */
export function foundOut(
  mutants: readonly Mutant[],
  firstWrong: (rows: readonly string[], server: Server) => Promise<string | undefined>,
): void {
  let server: Server
  beforeAll(async () => {
    server = await startServer({ own: true })
  })
  afterAll(() => server?.stop())
  beforeEach(() => void vi.resetModules())

  test.each(mutants)('a detector that $name is found out by $shownBy', async ({ module, change, shownBy }) => {
    vi.doMock(module, async (original) => {
      const real = await original<Module>()
      return { ...real, ...change(real) }
    })
    try {
      expect((await firstWrong([shownBy], server)) ?? 'nothing').toContain(shownBy)
    } finally {
      vi.doUnmock(module)
    }
  })

  test('the detector as it is passes all of these', async () => {
    const rows = new Set(mutants.map(({ shownBy }) => shownBy))
    expect(await firstWrong([...rows], server)).toBeUndefined()
  })
}
