import { createRequire } from 'node:module'
import path from 'node:path'

/** `require` from this file; in a bundle of the other format, which knows no URL of it, from the program's. */
export function requireHere(): NodeJS.Require {
  const url: string | undefined = import.meta.url
  return createRequire(url ?? path.resolve(process.argv[1] ?? 'program'))
}
