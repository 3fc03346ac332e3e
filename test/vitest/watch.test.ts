import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, inject, test } from 'vitest'
import { fill } from './things.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

beforeAll(() => fill(inject('mongoUri')))

test('watch mode: the summary is that of the last run alone', async () => {
  // Inside this checkout, from where the package's own name leads to it.
  const cache = path.join(ROOT, '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(path.join(cache, 'watch-'))
  cpSync(path.join(ROOT, 'fixtures', 'vitest-output'), folder, { recursive: true })
  const command = [path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'watch', 'a-message']
  const env: NodeJS.ProcessEnv = { ...process.env, MONGODB_URI: inject('mongoUri'), NO_COLOR: '1', FORCE_COLOR: '0' }
  for (const name of Object.keys(env)) if (/^(VITEST|TEST$|CI$|NODE_ENV$)/.test(name)) delete env[name]
  const child = spawn(process.execPath, command, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] })
  try {
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    /** The first line of each summary, once so many runs are over. */
    const summaries = async (count: number): Promise<string[]> => {
      for (;;) {
        const lines = output.match(/^cursorleak {2}.*from.*$/gm) ?? []
        if (lines.length >= count && output.match(/(Watch|Wait)ing for file changes/g)?.length === count) return lines
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    expect(await summaries(1)).toEqual([expect.stringMatching(/^cursorleak {2}7 cursors from 2 places; /)])
    const file = path.join(folder, 'test', 'a-message.test.ts')
    writeFileSync(file, readFileSync(file, 'utf8').replace('i < 3', 'i < 2'))
    const [, second] = await summaries(2)
    expect(second).toMatch(/^cursorleak {2}6 cursors from 2 places; /)
  } finally {
    child.kill()
    await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
})
