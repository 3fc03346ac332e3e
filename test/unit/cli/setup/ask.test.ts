import { expect, test } from 'vitest'
import { ask } from '../../../../src/cli/setup/ask.ts'

test.each([
  ['that ends by SIGTERM', ''],
  ['that handles SIGTERM', "process.on('SIGTERM', () => {});"],
])('a runner %s and gives no answer is waited for no longer than its time', async (_, first) => {
  const start = performance.now()
  const asked = ask(['--eval', `${first} setInterval(() => {}, 1000)`], import.meta.dirname, { timeout: 700 })
  await expect(asked).rejects.toThrow('no answer within 700 ms')
  expect(performance.now() - start).toBeLessThan(4_000)
})
