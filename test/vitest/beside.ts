import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject } from 'vitest'
import { type Run, run } from '../support/run.ts'

/** Tests that live beside other tools; each whose name ends in "leaks" leaks, and no other does. */
export const BESIDE = fileURLToPath(new URL('../../fixtures/vitest-beside', import.meta.url))

interface Ran extends Run {
  failed: string[]
  passed: string[]
}

/**
 * Runs tests of that project.
 * @param vitest path of the command's file
 */
export async function beside(
  vitest: string,
  args: string[],
  { cwd = BESIDE, node = process.execPath, ...env }: NodeJS.ProcessEnv & { cwd?: string; node?: string } = {},
): Promise<Ran> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-beside-'))
  try {
    const file = path.join(folder, 'report.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const result = await run(node, [vitest, 'run', ...reporters, ...args], {
      cwd,
      env: { MONGODB_URI: inject('mongoUri'), ...env },
    })
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[]
    }
    const tests = report.testResults.flatMap((one) => one.assertionResults)
    return {
      ...result,
      failed: tests.filter((one) => one.status === 'failed').map((one) => one.title),
      passed: tests.filter((one) => one.status === 'passed').map((one) => one.title),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Exactly the tests that say so have leaked, each at the line that created its cursor. */
export function expectOnlyLeaks(
  { failed, passed, stdout, stderr }: Ran,
  leaks: number,
  clean: number,
  place = ':13:25',
): void {
  const output = `${stdout}\n${stderr}`
  expect([failed.length, passed.length], output).toEqual([leaks, clean])
  for (const name of failed) expect(name, output).toMatch(/leaks$/)
  for (const name of passed) expect(name, output).not.toMatch(/leaks$/)
  expect(stderr).toMatch(new RegExp(` ❯ (Module\\.)?firstOrder src/orders\\.ts${place}`))
}
