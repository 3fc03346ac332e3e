import type { TestProject } from 'vitest/node'
import { startServer } from '../../fixtures/server/index.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that fixture projects use; a test that counts open cursors starts one of its own. */
    mongoUri: string
    /** Whether outputs are being recorded: `-u`. */
    update: boolean
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  process.stderr.write(`${server.line}\n`)
  project.provide('mongoUri', server.uri)
  project.provide('update', project.config.snapshotOptions.updateSnapshot === 'all')
  return () => server.stop()
}
