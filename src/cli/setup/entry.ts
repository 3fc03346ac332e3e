import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Entries of ours by the file that each is. */
const FILES: readonly [RegExp, string][] = [
  [/^vitest[\\/](index|browser)\./, 'cursorleak/vitest'],
  [/^vitest[\\/]plugin\./, 'cursorleak/vitest/plugin'],
  [/^jest[\\/]build[\\/]index\./, 'cursorleak/jest'],
  [/^mocha[\\/]index\./, 'cursorleak/mocha'],
  [/^node-test[\\/]index\./, 'cursorleak/node-test'],
  [/^register\./, 'cursorleak/register'],
  [/^index\./, 'cursorleak'],
]
const EXTENSIONS = ['', '.ts', '.js', '.mjs', '.cjs', '.mts', '.cts', '.tsx', '.jsx', '/index.ts', '/index.js']
const MAX_FILES = 200
const MAX_BYTES = 1_000_000

/**
 * Which entries of ours a setup file loads: it may be one itself, or import one, also by files of its own project. A line
 * in a comment loads nothing.
 * @param file as the runner resolved it, or a name that `folder` resolves
 */
function entriesIn(file: string, folder: string): Set<string> {
  // What it is called tells: this very package.
  const found = new Set(/^cursorleak(\/|$)/.test(file) ? [file] : [])
  if (found.size > 0) return found
  const first = resolveFrom(path.join(folder, 'x'), file)
  if (first === undefined) return found
  const files = new Set([first])
  for (const one of files) {
    const entry = entryOf(one)
    if (entry) found.add(entry)
    if (entry || files.size > MAX_FILES) continue
    for (const name of importsOf(one)) {
      if (/^cursorleak(\/|$)/.test(name)) found.add(name)
      else if (/^\.{1,2}\//.test(name)) {
        const next = resolveFrom(one, name)
        if (next) files.add(next)
      }
    }
  }
  return found
}

/** The same of several files. */
export const entriesOf = (files: readonly string[], folder: string): string[] => [
  ...new Set(files.flatMap((file) => [...entriesIn(file, folder)])),
]

function entryOf(file: string): string | undefined {
  const [, below] = /[\\/]cursorleak[\\/]dist[\\/](.*)$/.exec(file) ?? []
  return below === undefined ? undefined : FILES.find(([pattern]) => pattern.test(below))?.[1]
}

/** What a file imports or requires, by its text without comments. */
function importsOf(file: string): string[] {
  try {
    if (statSync(file).size > MAX_BYTES) return []
    const text = withoutComments(readFileSync(file, 'utf8'))
    const calls = /\b(?:import|from|require|import\s*\(|require\s*\()\s*\(?\s*(["'`])([^"'`\n]+)\1/g
    return [...text.matchAll(calls)].flatMap(([, , name]) => (name === undefined ? [] : [name]))
  } catch {
    // A file that can't be read: the runner says so.
    return []
  }
}

/** Strings stay whole: they may have what looks like a comment. */
const withoutComments = (text: string): string =>
  text.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_, string = ' ') => string,
  )

function resolveFrom(from: string, name: string): string | undefined {
  const base = path.isAbsolute(name) ? name : path.resolve(path.dirname(from), name)
  const found = EXTENSIONS.map((extension) => base + extension).find(isFile)
  // TypeScript names the compiled file.
  const source = base.replace(/\.([cm]?)js$/, '.$1ts')
  if (found ?? isFile(source)) return realpathSync(found ?? source)
  try {
    return path.isAbsolute(name) ? undefined : realpathSync(createRequire(from).resolve(name))
  } catch {
    // Not installed: the runner says so.
    return undefined
  }
}

const isFile = (file: string): boolean => existsSync(file) && statSync(file).isFile()
