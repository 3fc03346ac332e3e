import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** What is used of the map that Yarn's Plug'n'Play writes instead of `node_modules`. */
interface Pnp {
  getAllLocators?(): { name: string; reference: string }[]
}

/** The versions of a package in a project of Yarn's Plug'n'Play; undefined in any other project. */
export function pnpVersions(name: string, folder: string): string[] | undefined {
  const file = pnpFile(folder)
  if (file === undefined) return undefined
  const { getAllLocators } = createRequire(file)(file) as Pnp
  const found = (getAllLocators?.() ?? []).flatMap((locator) => {
    // `npm:7.9.0`, or `virtual:…#npm:7.9.0` for one with peers.
    const [, version] = /npm:([^#]+)$/.exec(locator.reference) ?? []
    return locator.name === name && version !== undefined ? [version] : []
  })
  return [...new Set(found)]
}

/** Whether a project's packages can't be loaded, since this process was not started by Yarn. */
export const lacksPnp = (folder: string): boolean =>
  pnpFile(folder) !== undefined && (process.versions as { pnp?: string }).pnp === undefined

function pnpFile(folder: string): string | undefined {
  const file = path.join(folder, '.pnp.cjs')
  if (existsSync(file)) return file
  const parent = path.dirname(folder)
  return parent === folder ? undefined : pnpFile(parent)
}
