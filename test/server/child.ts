import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'

export const serverFolder = new URL('../../fixtures/server/', import.meta.url)

/** Runs a script of its own process with the server's module as `startServer`. */
export function runNode(body: string, env: NodeJS.ProcessEnv = process.env): ChildProcess {
  const script = `import { startServer } from ${JSON.stringify(new URL('index.mjs', serverFolder).href)}\n${body}`
  return spawn(process.execPath, ['--input-type=module', '-e', script], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

export function runWithServer(command: string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
  const script = fileURLToPath(new URL('with-server.mjs', serverFolder))
  return spawn(process.execPath, [script, '--', ...command], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The first line that the child prints. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    let errors = ''
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk
    })
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    child.once('close', () => reject(new Error(`ended without a line: ${errors}`)))
  })
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    let stdout = ''
    let stderr = ''
    child.stdout?.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr?.on('data', (chunk) => {
      stderr += chunk
    })
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

export function isOpen(uri: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(uri)
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** Whether the port closes within five seconds (a mongod's watcher looks every two). */
export async function closes(uri: string): Promise<boolean> {
  const end = Date.now() + 5_000
  while (Date.now() < end) {
    if (!(await isOpen(uri))) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return false
}

/** This process's environment without what a surrounding run has set, and with changes. */
export function envWith(changes: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { MONGODB_URI: _, CURSORLEAK_TEST_SERVER: __, ...env } = process.env
  return { ...env, ...changes }
}
