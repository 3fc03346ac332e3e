import path from 'node:path'
import { readFileSync } from '../native.ts'

/** What is used of Jest's context of a project, the same in Jest 28 to 30. */
export interface Context {
  config: { setupFiles?: readonly string[]; setupFilesAfterEnv?: readonly string[] }
  /** Jest's index of the project's own files, with what each of them imports. */
  hasteFS?: { getDependencies?(file: string): readonly string[] | null; exists?(file: string): boolean }
  resolver?: { resolveModule?(from: string, name: string): string }
}

const DRIVERS = new Set(['mongodb', 'mongoose'])

/**
 * Whether a test file, or what it imports, loads the driver. Asked in Jest's main process, where no test runs, so from
 * what Jest has noted of each file. What can't be followed counts as a yes: silence is not to come from not knowing.
 */
export function driverFinder({ config, hasteFS, resolver }: Context): (test: string) => boolean {
  if (typeof hasteFS?.getDependencies !== 'function' || typeof resolver?.resolveModule !== 'function') return () => true
  /** What was followed to its end without the driver. */
  const without = new Set<string>()
  const setup = [...(config.setupFiles ?? []), ...(config.setupFilesAfterEnv ?? [])]

  return (test) => {
    const found = new Set([test, ...setup])
    for (const file of found) {
      if (without.has(file)) continue
      for (const name of hasteFS.getDependencies?.(file) ?? []) {
        const next = follow(file, name)
        if (next === true) return true
        if (next !== undefined) found.add(next)
      }
    }
    for (const file of found) without.add(file)
    return false
  }

  /** @returns true for the driver and what depends on it, the file where it is one of the project, else nothing */
  function follow(from: string, name: string): true | string | undefined {
    if (DRIVERS.has(name)) return true
    let file: string | undefined
    try {
      file = resolver?.resolveModule?.(from, name)
    } catch {
      // A core module, or one that Jest is given by a mock: no driver.
      return undefined
    }
    if (file === undefined || !path.isAbsolute(file)) return undefined
    if (hasteFS?.exists?.(file)) return file
    return dependsOnDriver(file) || undefined
  }
}

interface Manifest {
  name?: string
  dependencies?: object
  peerDependencies?: object
  peerDependenciesMeta?: Record<string, { optional?: boolean } | undefined>
}

/** Whether the package of a file is the driver, or says that it needs it. */
function dependsOnDriver(file: string): boolean {
  for (let folder = path.dirname(file); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const manifest = read(path.join(folder, 'package.json'))
    // A folder of a package may have one of its own that only tells the format.
    if (manifest?.name === undefined) continue
    const { name, dependencies, peerDependencies, peerDependenciesMeta } = manifest
    const needed = Object.keys(peerDependencies ?? {}).filter((peer) => !peerDependenciesMeta?.[peer]?.optional)
    return [name, ...Object.keys(dependencies ?? {}), ...needed].some((one) => DRIVERS.has(one))
  }
  return false
}

function read(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest
  } catch {
    // None in this folder, or none that can be read: the one above counts.
    return undefined
  }
}
