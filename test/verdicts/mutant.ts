import { vi } from 'vitest'

export type Module = Record<string, unknown>

export interface Mutant {
  name: string
  module: string
  change(module: Module): Module
  /** The row that shows it, and no row of the driver's own table. */
  shownBy: string
}

/** One part of a resource, replaced. */
export const part = (name: string, shownBy: string, file: string, resource: string, change: object): Mutant => ({
  name,
  shownBy,
  module: `../../src/trace/resources/${file}.ts`,
  change: (module) => ({ [resource]: { ...(module[resource] as object), ...change } }),
})

/** Does it with the mutant in place of the module: what is imported inside is loaded anew. */
export async function mutated<T>({ module, change }: Mutant, work: () => Promise<T>): Promise<T> {
  vi.doMock(module, async (original) => {
    const real = await original<Module>()
    return { ...real, ...change(real) }
  })
  try {
    return await work()
  } finally {
    vi.doUnmock(module)
  }
}
