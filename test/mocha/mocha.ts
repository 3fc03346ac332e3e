import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { linkSelf } from '../support/compile.ts'
import { run, stable } from '../support/run.ts'

export const FIXTURE = fileURLToPath(new URL('../../fixtures/mocha', import.meta.url))
const HOME = path.dirname(createRequire(import.meta.url).resolve('mocha/package.json'))
const LINKS = fileURLToPath(new URL('../../.cache/mocha', import.meta.url))

export interface MochaRun {
  args: string[]
  uri: string
  env?: NodeJS.ProcessEnv
  /** Mocha's own folder: the root's unless said. */
  home?: string
  folder?: string
}

/** Runs Mocha in the fixture project as a user would; the whole output, without what differs from run to run. */
export async function mocha({ args, uri, env = {}, home, folder = FIXTURE }: MochaRun): Promise<string> {
  mkdirSync(LINKS, { recursive: true })
  linkSelf(LINKS)
  // Mocha asks for `--require` from its own folder; in a user's project both packages stand side by side.
  const side = home ? {} : { NODE_PATH: path.join(LINKS, 'node_modules') }
  const { code, stdout, stderr } = await run(
    process.execPath,
    [path.join(home ?? HOME, 'bin/mocha.js'), '--slow', '99999', ...args],
    { cwd: folder, env: { MONGODB_URI: uri, ...side, ...env } },
  )
  return output(folder, `mocha ${args.join(' ')}`, code, stdout, stderr)
}

function output(folder: string, command: string, code: number | null, stdout: string, stderr: string): string {
  const said = stderr && `--- stderr\n${stderr.trim()}\n`
  // Frames below the test's body are Node's own and differ between its versions.
  const text = stable(`$ ${command}\n${stdout.trimEnd()}\n${said}--- exit ${code}\n`, folder)
  return text.replace(/^ +at .*\(?node:internal\/.*\n/gm, '')
}
