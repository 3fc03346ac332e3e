import { fileURLToPath } from 'node:url'
import { describe, expect, inject, test } from 'vitest'
import { run } from '../support/run.ts'

const cwd = fileURLToPath(new URL('../../fixtures/unchanged/', import.meta.url))

async function observe(driver: string, tracing: 'on' | 'off'): Promise<unknown[]> {
  const env = { MONGODB_URI: inject('mongoUri') }
  const { code, stdout, stderr } = await run(process.execPath, ['program.mjs', driver, tracing], { cwd, env })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

describe.each(['mongodb', 'mongodb6', 'mongodb5', 'mongodb4'])('%s', (driver) => {
  test('a program sees the same results, commands, events, errors and order with tracing as without', async () => {
    const [without, with_] = [await observe(driver, 'off'), await observe(driver, 'on')]
    expect(with_).toEqual(without)
    expect(without.length).toBeGreaterThan(50)
    expect(without).toContainEqual(['put back', true])
    expect(without).toContainEqual(['unhandled', expect.stringContaining('$bad')])
  })
})
