import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { run } from '../support/run.ts'
import { root } from './service.ts'

// The proof with a million is bench/memory.mjs by hand: minutes. Here it is seen that nothing is held on to.
test('50,000 cursors under detail: sample leave nothing behind', async () => {
  const args = ['--expose-gc', path.join(root, 'bench/memory.mjs'), '50000', '1000']
  const env = { MONGODB_URI: inject('mongoUri'), NODE_NO_WARNINGS: '1' }
  const { stdout, stderr } = await run(process.execPath, args, { cwd: root, env })
  const lines = stdout.trim().split('\n')
  const { held, leaked, heapBefore, heapAfter } = JSON.parse(lines.at(-1) || `{"stderr":${JSON.stringify(stderr)}}`)
  expect({ leaked, held: held < 500 }).toEqual({ leaked: 0, held: true })
  // Kept alive, 50,000 cursors are more than 50 MB.
  expect(heapAfter - heapBefore).toBeLessThan(15)
})
