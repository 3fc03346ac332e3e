import { fileURLToPath } from 'node:url'
import { run, stable } from '../support/run.ts'

export const FIXTURE = fileURLToPath(new URL('../../fixtures/node-test', import.meta.url))

export interface NodeRun {
  args: string[]
  uri: string
  env?: NodeJS.ProcessEnv
  node?: string
  folder?: string
}

/** Runs node in the fixture project as a user would; the whole output, without what differs from run to run. */
export async function node({
  args,
  uri,
  env = {},
  node = process.execPath,
  folder = FIXTURE,
}: NodeRun): Promise<string> {
  const { code, stdout, stderr } = await run(node, args, { cwd: folder, env: { MONGODB_URI: uri, ...env } })
  const said = stderr && `--- stderr\n${stderr.trim()}\n`
  const text = stable(`$ node ${args.join(' ')}\n${stdout.trimEnd()}\n${said}--- exit ${code}\n`, folder)
  return (
    text
      // Frames below the test's body are Node's own, and differ between its versions.
      .replace(/^ +at .*\(?node:.*\n/gm, '')
      .replace(/^ *(ℹ|#) duration_ms .*\n/gm, '')
      .replace(/(duration_ms:) .*/g, '$1 <time>')
  )
}
