import { afterAll, beforeAll } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import { behaviour } from './cases.ts'

// A server of its own: versions.matrix.ts fills the same collections at the same time.
let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  server = await startServer({ own: true })
})
afterAll(() => server.stop())

// Of the Jest that is installed here; versions.matrix.ts has the others.
behaviour(() => ({ uri: server.uri }))
