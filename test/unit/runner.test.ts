import { afterEach, expect, test, vi } from 'vitest'
import { configure, options } from '../../src/options.ts'
import { beginFile, endFile } from '../../src/runner.ts'
import { stopTracing } from '../../src/trace/registry.ts'

afterEach(() => stopTracing())

test('configure() counts from a setup file that is listed before the adapter, until the end of the file', async () => {
  configure({ maxReported: 3 })
  beginFile('a.test.ts')
  configure({ settleMs: 7 })
  expect(options()).toMatchObject({ maxReported: 3, settleMs: 7 })
  await endFile()
  beginFile('b.test.ts')
  expect(options()).toMatchObject({ maxReported: 10, settleMs: 100 })
})

test("detail: 'off' is told: no test is checked", () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  configure({ detail: 'count' })
  beginFile('a.test.ts')
  expect(written).not.toHaveBeenCalled()
  configure({ detail: 'off' })
  beginFile('b.test.ts')
  beginFile('c.test.ts')
  const texts = written.mock.calls.map(([text]) => String(text))
  written.mockRestore()
  configure({ detail: 'full' })
  expect(texts).toEqual([expect.stringContaining('no test of this run is checked for leaks')])
})
