import { afterEach, expect, test, vi } from 'vitest'
import { beginFile, beginTest, endFile, endTest } from '../../src/runner.ts'
import { state } from '../../src/state.ts'
import type { LiveRecord } from '../../src/trace/record.ts'
import { stopTracing } from '../../src/trace/registry.ts'

afterEach(() => stopTracing())

test('a check that a fault of ours has ended fails the file, not the test', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  beginFile('a.test.ts')
  const scope = beginTest('a test')
  const broken = new Proxy({} as LiveRecord, {
    get() {
      throw new Error('a fault')
    },
  })
  scope.records.add(broken)
  expect((await endTest(scope)).errors).toEqual([])
  const { errors } = await endFile()
  said.mockRestore()
  expect(errors.map(({ message }) => message.split('\n')[0])).toEqual([
    "one check of this file could not be made, by a fault of cursorleak's own: leaks may be missing here",
  ])
  beginFile('b.test.ts')
  expect((await endFile()).errors).toEqual([])
  expect(state().file.unchecked).toBeUndefined()
})
