import { expect, test } from 'vitest'
import { levelOf } from '../../../src/check/judge.ts'
import { options } from '../../../src/options.ts'
import { newScope } from '../../../src/trace/scope.ts'

const file = newScope('file')
const open = { state: 'open', waits: true } as const

test('a change stream that the next file may share is warned about, not closed under its tests', () => {
  const record = { kind: 'changeStream', test: undefined, late: undefined } as const
  expect(levelOf({ ...record, scope: file }, open)).toBe('fail')
  expect(levelOf({ ...record, scope: { ...file, shared: true } }, open)).toBe('warn')
  expect(levelOf({ ...record, scope: { ...file, shared: true } }, { state: 'open' })).toBe('fail')
  expect(levelOf({ ...record, kept: true, scope: { ...file, shared: true } }, { state: 'open' })).toBe('warn')
  expect(levelOf({ ...record, kept: true, scope: file }, { state: 'open' })).toBe('fail')
})

test('what the code closed with its client by itself is as loud as `swept`, also where the server was done with it', () => {
  const beforeSweep = {
    state: 'abandoned',
    tornDown: false,
    cursorId: undefined,
    documentsRead: 1,
    notes: [] as string[],
  } as const
  const tidy = { kind: 'cursor', by: 'body', scope: newScope('test'), beforeSweep } as const
  const levels = options().levels
  const loud = (swept: 'fail' | 'warn' | 'off') => levelOf(tidy, { state: 'abandoned' }, { ...levels, swept })
  expect([loud('fail'), loud('warn'), loud('off')]).toEqual(['fail', 'warn', 'off'])
  // Its leaking twin: a hook closed the client under it.
  const torn = { ...tidy, beforeSweep: { ...beforeSweep, tornDown: true } }
  expect(levelOf(torn, { state: 'abandoned' }, { ...levels, swept: 'off' })).toBe('fail')
})
