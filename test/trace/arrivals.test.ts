import { once } from 'node:events'
import http from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import fastify from 'fastify'
import { beforeEach, expect, test } from 'vitest'
import { state } from '../../src/state.ts'
import type { LiveRecord } from '../../src/trace/record.ts'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'
import { contextOf, newScope, type Scope } from '../../src/trace/scope.ts'
import { tracedClient } from '../support/traced.ts'

const client = tracedClient()
let file: Scope
beforeEach(() => {
  file = newScope('file', 'a.test.ts')
  state().file = file
  state().running.clear()
})

/** What a handler does: it opens a cursor once it has waited for something. */
async function opens(): Promise<void> {
  await sleep(1)
  client().db('arrivals').collection('a').find({})
}
const start = (name: string): Scope => {
  const scope = { ...newScope('test', name), file }
  state().running.add(scope)
  return scope
}
const inBody = <T>(scope: Scope, work: () => T): T => state().als.run(contextOf(scope, 'body'), work)
const found = (scope: Scope): Array<[LiveRecord['by'], boolean]> =>
  [...scope.records].map(({ by, guessed }) => [by, guessed === true])
const port = async (server: Server): Promise<number> => {
  await once(server.listen(0), 'listening')
  return (server.address() as AddressInfo).port
}

function end(server: http.Server): void {
  server.closeAllConnections()
  server.close()
}

/** Servers that were made before any test, and how one asks them. */
const servers: Array<[string, () => Promise<{ ask(): Promise<unknown>; stop(): unknown }>]> = [
  [
    'http',
    async () => {
      const server = http.createServer((_request, response) => void opens().then(() => response.end('x')))
      const at = await port(server)
      const ask = async () => (await fetch(`http://127.0.0.1:${at}`)).text()
      return { ask, stop: () => end(server) }
    },
  ],
  [
    'Express',
    async () => {
      const app = express()
      app.get('/', (_request, response) => void opens().then(() => response.send('x')))
      const server = http.createServer(app)
      const at = await port(server)
      const ask = async () => (await fetch(`http://127.0.0.1:${at}`)).text()
      return { ask, stop: () => end(server) }
    },
  ],
  [
    'http2',
    async () => {
      const server = http2.createServer((_request, response) => void opens().then(() => response.end('x')))
      const at = await port(server)
      const session = http2.connect(`http://127.0.0.1:${at}`)
      const ask = async () => {
        const request = session.request({ ':path': '/' })
        request.resume()
        await once(request, 'end')
      }
      const stop = (): void => {
        session.close()
        server.close()
      }
      return { ask, stop }
    },
  ],
]

test.each(servers)('%s: a request is the only running test’s, by guess', async (_name, make) => {
  const { ask, stop } = await state().als.run(undefined, make)
  const scope = start('only')
  await inBody(scope, ask)
  // A second one on the same connection, of another test.
  scope.done = true
  state().running.delete(scope)
  const next = start('next')
  await inBody(next, ask)
  await stop()
  expect([found(scope), found(next), found(file)]).toEqual([[['handler', true]], [['handler', true]], []])
})

test.each(servers)('%s: with several tests running, the file’s', async (_name, make) => {
  const { ask, stop } = await state().als.run(undefined, make)
  const scope = start('a')
  start('b')
  await inBody(scope, ask)
  await stop()
  expect([found(scope), found(file)]).toEqual([[], [['handler', false]]])
})

test.each(servers)('%s: a server that the test made itself, without a guess', async (_name, make) => {
  const scope = start('a')
  start('b')
  await inBody(scope, async () => {
    const { ask, stop } = await make()
    await ask()
    await stop()
  })
  expect([found(scope), found(file)]).toEqual([[['handler', false]], []])
})

test('Fastify: what inject() asks inside the body is a handler’s, and the body stays the body', async () => {
  const app = fastify()
  app.get('/', async () => {
    await opens()
    return 'x'
  })
  const scope = start('injects')
  await inBody(scope, async () => {
    await app.inject('/')
    await opens()
  })
  await app.close()
  expect(found(scope)).toEqual([
    ['handler', false],
    ['body', false],
  ])
})

test('a timer that began outside of tests is the file’s, whichever test runs', async () => {
  const timer = state().als.run(undefined, () => setInterval(() => void opens(), 2))
  const scope = start('innocent')
  await inBody(scope, () => sleep(20))
  clearInterval(timer)
  await sleep(5)
  expect(found(scope)).toEqual([])
  expect(file.records.size).toBeGreaterThan(0)
  const [record] = file.records
  expect(record?.note).toBe('opened outside of every test, while "innocent" ran')
})

test('the channels are left when tracing stops', async () => {
  const { channel } = await import('node:diagnostics_channel')
  const names = ['http.server.request.start', 'tracing:fastify.request.handler:start']
  const before = names.map((name) => channel(name).hasSubscribers)
  stopTracing()
  expect([before, names.map((name) => channel(name).hasSubscribers)]).toEqual([
    [true, true],
    [false, false],
  ])
  startTracing()
})
