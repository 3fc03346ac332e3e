import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const source = path.join(root, 'fixtures/service/src')

/** Compiles the example service with source maps, below this project so that it finds the same packages. */
export async function compile(format: 'esm' | 'cjs'): Promise<string> {
  const { mkdirSync } = await import('node:fs')
  mkdirSync(path.join(root, '.cache'), { recursive: true })
  const folder = mkdtempSync(path.join(root, '.cache/service-'))
  await build({
    entryPoints: ['main.ts', 'traced.ts'].map((file) => path.join(source, file)),
    bundle: true,
    packages: 'external',
    platform: 'node',
    sourcemap: true,
    outdir: folder,
    format,
    // CommonJS has no top-level await: the entry of its own starts the service.
    ...(format === 'cjs' ? { entryPoints: [path.join(source, 'main.cts')], outExtension: { '.js': '.cjs' } } : {}),
    ...(format === 'esm' ? { outExtension: { '.js': '.mjs' } } : {}),
  })
  return folder
}

export interface Service {
  child: ChildProcess
  /** Requests a route, so many times. */
  get(route: string, times?: number): Promise<void>
  /** Waits until its stderr holds the text so many times. */
  said(text: string, times?: number): Promise<string>
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>
}

/** Starts the service as a user would, and waits until it listens. */
export async function serve(
  args: string[],
  env: NodeJS.ProcessEnv,
  { node = process.execPath, cwd = root } = {},
): Promise<Service> {
  const child = spawn(node, args, {
    cwd,
    env: { ...clean(), NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = new Promise<Awaited<Service['ended']>>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, stderr })),
  )
  const base = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()))
    ended.then(() => reject(new Error(`the service ended: ${stderr}`)))
  })
  return {
    child,
    ended,
    async get(route, times = 1) {
      for (let i = 0; i < times; i++) await (await fetch(`${base}${route}`)).text()
    },
    async said(text, times = 1) {
      for (let waited = 0; stderr.split(text).length <= times; waited += 50) {
        if (waited > 15_000) throw new Error(`not said within 15 s: ${text}\n${stderr}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      return stderr
    },
  }
}

/** This process's environment without what our own runner and a surrounding run have set. */
export function clean(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|CURSORLEAK|NODE_OPTIONS)/.test(name))
  return Object.fromEntries(kept)
}
