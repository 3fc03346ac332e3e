import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { compile } from './compile.ts'

// Inside the package its own name leads to what was just built.
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TSC = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')

test('right usage compiles, and what is wrong in it does not', async () => {
  const setting = { moduleResolution: 'node16', skipLibCheck: true, types: ['node', 'jest'] } as const
  const files = ['vitest.ts', 'jest-globals.ts', 'jest.ts', 'plain.ts']
  expect(
    await compile(path.join(ROOT, 'fixtures', 'types'), TSC, files, { ...setting, types: [...setting.types] }),
  ).toBe('')
})
