import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { pnpVersions } from './pnp.ts'

export interface Copy {
  version: string
  /** Relative to the project. */
  place: string
}

/** Nested deeper than this is no layout of a package manager's. */
const MAX_DEPTH = 6

/** Every copy of a package below the project's `node_modules` (npm's, yarn's and pnpm's layout) and those above it. */
export function copiesOf(name: string, folder: string): Copy[] {
  const versions = pnpVersions(name, folder)
  if (versions) return versions.map((version) => ({ version, place: "Yarn's Plug'n'Play" }))
  const found = new Map<string, Copy>()
  for (const modules of above(folder)) search(modules, 0)
  return [...found.values()]

  function search(modules: string, depth: number): void {
    const version = versionIn(path.join(modules, name))
    if (version) {
      const real = realpathSync(path.join(modules, name))
      if (!found.has(real)) found.set(real, { version, place: path.relative(realpathSync(folder), real) })
    }
    if (depth === MAX_DEPTH) return
    for (const one of packagesIn(modules)) {
      const nested = path.join(one, 'node_modules')
      if (existsSync(nested)) search(nested, depth + 1)
    }
  }
}

/** The version of a package that the project resolves, or undefined. */
export const installed = (name: string, folder: string): string | undefined =>
  pnpVersions(name, folder)?.[0] ??
  above(folder)
    .map((modules) => versionIn(path.join(modules, name)))
    .find((version) => version !== undefined)

export const isWithin = (version: string, [least, greatest]: readonly [number, number]): boolean => {
  const major = Number.parseInt(version, 10)
  return major >= least && major <= greatest
}

/** The `node_modules` folders in which Node looks from here, the nearest first. */
function above(folder: string): string[] {
  const parent = path.dirname(folder)
  const own = path.join(folder, 'node_modules')
  return [...(existsSync(own) ? [own] : []), ...(parent === folder ? [] : above(parent))]
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules).flatMap((name) => {
    const place = path.join(modules, name)
    // pnpm keeps all packages in here, each with a node_modules of its own.
    if (name === '.pnpm') return readdirSync(place).map((one) => path.join(place, one))
    if (name.startsWith('.')) return []
    return name.startsWith('@') ? readdirSync(place).map((one) => path.join(place, one)) : [place]
  })
}

function versionIn(folder: string): string | undefined {
  const file = path.join(folder, 'package.json')
  if (!existsSync(file)) return undefined
  try {
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }
    return typeof version === 'string' ? version : undefined
  } catch {
    // A folder that is no package: as if it were not there.
    return undefined
  }
}
