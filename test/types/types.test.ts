import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { compile } from './compile.ts'

// Inside the package its own name leads to what was just built.
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TSC = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')

test.each(['vitest.ts', 'jest-globals.ts', 'plain.ts'])(
  '%s compiles, and what is wrong in it does not',
  async (file) => {
    const setting = { moduleResolution: 'node16', skipLibCheck: true } as const
    expect(await compile(path.join(ROOT, 'fixtures', 'types'), TSC, file, setting)).toBe('')
  },
)
