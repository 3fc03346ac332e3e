import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { attribute, newScope, type Scope, type Scopes } from '../../../src/trace/scope.ts'

const newScopes = (...running: Scope[]): Scopes => ({
  als: new AsyncLocalStorage(),
  file: newScope('file'),
  running: new Set(running),
})

test('the test whose context this is', () => {
  const [a, b] = [newScope('test', 'a'), newScope('test', 'b')]
  const scopes = newScopes(a, b)
  expect(scopes.als.run(b, () => attribute(scopes))).toEqual({ scope: b })
})

test('without a context: the only running test, by guess', () => {
  const a = newScope('test', 'a')
  const scopes = newScopes(a)
  expect(attribute(scopes)).toEqual({ scope: a, guessed: true })
})

test('without a context and with several tests running: the file, and it says so', () => {
  const scopes = newScopes(newScope('test', 'a'), newScope('test', 'b'))
  expect(attribute(scopes)).toEqual({
    scope: scopes.file,
    note: "opened while 2 tests ran: which of them can't be told",
  })
})

test('a test that waits for one inside it does not count as running', () => {
  const [outer, inner] = [{ ...newScope('test', 'outer'), paused: true }, newScope('test', 'inner')]
  expect(attribute(newScopes(outer, inner))).toEqual({ scope: inner, guessed: true })
})

test('after its test: the file, with the test named', () => {
  const a = { ...newScope('test', 'a'), done: true }
  const scopes = newScopes()
  expect(scopes.als.run(a, () => attribute(scopes))).toEqual({
    scope: scopes.file,
    test: 'a',
    note: 'opened after its test "a" was over',
  })
})

test('after its whole file: marked late, so that the file which runs now does not fail for it', () => {
  const scopes = newScopes()
  const a = { ...newScope('test', 'a'), done: true, file: newScope('file', 'earlier.test.ts') }
  expect(scopes.als.run(a, () => attribute(scopes))).toEqual({
    scope: scopes.file,
    test: 'a',
    note: 'opened after its test "a" was over, like its whole file',
    late: true,
  })
})
