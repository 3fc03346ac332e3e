import { expect, test, vi } from 'vitest'
import { valuesOf } from '../../../src/report/lines.ts'

test('half a line of a process that was killed costs none of the others', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  expect(valuesOf('{"n":1}\n\n{"n":\n{"n":3}\n{"n"')).toEqual([{ n: 1 }, { n: 3 }])
  expect(said.mock.calls.length).toBe(1)
  said.mockRestore()
})
