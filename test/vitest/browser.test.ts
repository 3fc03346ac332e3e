import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Run, run } from '../support/run.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-browser-'))

// Our package with nothing beside it: whatever it loaded could not be found.
beforeAll(() => {
  const target = path.join(folder, 'node_modules', 'cursorleak')
  mkdirSync(target, { recursive: true })
  for (const part of ['package.json', 'dist'])
    cpSync(path.join(ROOT, part), path.join(target, part), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function load(...flags: string[]): Promise<Run> {
  const code = `
    import { EventEmitter } from 'node:events'
    const ours = await import('cursorleak/vitest')
    const symbols = [globalThis, EventEmitter].flatMap(Object.getOwnPropertySymbols).map(String)
    console.log(Object.keys(ours).length, symbols.filter((name) => name.includes('cursorleak')).length)`
  return run(process.execPath, [...flags, '--input-type=module', '--eval', code], { cwd: folder })
}

test('a browser gets an empty module', async () => {
  expect(await load('--conditions=browser')).toEqual({ code: 0, stdout: '0 0\n', stderr: '' })
})

test('and nobody else does', async () => {
  const { code, stderr } = await load()
  expect(code).toBe(1)
  // The first of those that it imports.
  expect(stderr).toMatch(/Cannot find package '(picocolors|vitest)' imported from/)
})
