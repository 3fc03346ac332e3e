import { expect, test } from 'vitest'
import { levelOf } from '../../../src/check/judge.ts'
import { newScope } from '../../../src/trace/scope.ts'

const file = newScope('file')
const open = { state: 'open', waits: true } as const

test('a change stream that the next file may share is warned about, not closed under its tests', () => {
  const record = { kind: 'changeStream', test: undefined, late: undefined } as const
  expect(levelOf({ ...record, scope: file }, open)).toBe('fail')
  expect(levelOf({ ...record, scope: { ...file, shared: true } }, open)).toBe('warn')
  expect(levelOf({ ...record, scope: { ...file, shared: true } }, { state: 'open' })).toBe('fail')
})
