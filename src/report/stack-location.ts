import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isThere } from '../native.ts'

/** Code that no file holds and no user wrote. */
export const isNowhere = (location: string): boolean =>
  /^(?:<anonymous>|native|unknown|wasm:.*)$|^index /.test(location)

/** Node's own code, Deno's and Bun's. */
export const isInternal = (file: string): boolean => /^(?:node|ext|deno|bun|native):|^internal[\\/]/.test(file)

/** More than one letter: that of `C:` is a drive. */
const isUrl = (file: string): boolean => /^[a-z][\w+.-]+:/i.test(file)

/** The file behind a place of a stack: a path where there is one, else the URL in a form that can be shown. */
export function fileOf(location: string): string {
  // The whole text of a module that came as a URL, with the strings in it.
  if (location.startsWith('data:')) return `${location.replace(/[;,].*$/s, '')}…`
  if (location.startsWith('file:')) return fromFileUrl(location)
  if (/(?:^|[\\/])webpack(?:-internal)?:[\\/]/.test(location)) return fromWebpack(location)
  const file = location.replace(/\?[\w.=&%-]*$/, '')
  // Vite's way to name a file outside its root.
  const [, fs] = /^https?:\/\/[^/]*\/@fs(\/.*)$/.exec(file) ?? []
  return fs === undefined ? file : fs.replace(/^\/(?=[a-z]:\/)/i, '')
}

function fromFileUrl(location: string): string {
  try {
    const url = location.replace(/[?#].*$/, '')
    return fileURLToPath(url, { windows: process.platform === 'win32' || /^file:\/\/\/[a-z]:\//i.test(url) })
  } catch {
    // A file URL of another platform or host: shown as it came.
    return location
  }
}

/**
 * `webpack://app/./src/x.ts?1f3c`, `webpack-internal:///(rsc)/./src/x.ts`, and the first as source-map-support joins it to
 * the map's folder: the file, if the project has it.
 */
function fromWebpack(location: string): string {
  const bare = location.replace(/\?[^/]*$/, '')
  const [, rest = ''] = /(?:^|[\\/])webpack(?:-internal)?:[\\/]+(.*)$/.exec(bare) ?? []
  // In front of the path may stand the name of the bundle, and a layer in parentheses.
  const folder = workingFolder()
  if (folder === undefined) return bare
  const paths = [rest, rest.replace(/^[^\\/]*[\\/]/, '')].map((one) => path.resolve(folder, one))
  return paths.find((file) => isThere(file)) ?? bare
}

const PACKAGE = /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)(?=[\\/])/g
/** Deno keeps packages by registry, name and version. */
const OF_DENO = /[\\/]deno[\\/]npm[\\/][^\\/]+[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]\d/

/** The packages that a file lies in, the outermost first; empty for a file of the user's. */
export function packagesOf(file: string): string[] {
  if (!file.includes('node_modules')) {
    const [, name] = OF_DENO.exec(file) ?? []
    return name === undefined ? [] : [name.replace('\\', '/')]
  }
  const names = [...file.matchAll(PACKAGE)].map(([, name = '']) => name.replace('\\', '/'))
  // pnpm and others keep all packages in a folder of theirs.
  return names.filter((name) => name !== '.pnpm' && name !== '.store')
}

/** A path as a user reads it: relative to where the run was started, if it is below that. */
export function shortPath(file: string): string {
  if (isUrl(file)) return file
  const folder = workingFolder()
  if (folder === undefined) return file
  const relative = path.relative(folder, file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}

/** Undefined where a test has removed the folder that it went into: then Node throws. */
export function workingFolder(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}
