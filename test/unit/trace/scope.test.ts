import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { arrived, attribute, contextOf, newScope, type Scope, type Scopes } from '../../../src/trace/scope.ts'

const newScopes = (...running: Scope[]): Scopes => ({
  als: new AsyncLocalStorage(),
  file: newScope('file'),
  running: new Set(running),
  checked: new Set(),
  guesses: false,
})

test('the test whose context this is, and what of it runs', () => {
  const [a, b] = [newScope('test', 'a'), newScope('test', 'b')]
  const scopes = newScopes(a, b)
  expect(scopes.als.run(contextOf(b, 'body'), () => attribute(scopes))).toEqual({ scope: b, by: 'body' })
  expect(scopes.als.run(contextOf(b, 'hook'), () => attribute(scopes))).toEqual({ scope: b, by: 'hook' })
})

test('without a context: the file, which says what ran', () => {
  const scopes = newScopes(newScope('test', 'a'))
  expect(attribute(scopes)).toEqual({ scope: scopes.file, note: 'opened outside of every test, while "a" ran' })
})

test('without a context, where a runner allows none: the only running test, by guess', () => {
  const a = newScope('test', 'a')
  expect(attribute({ ...newScopes(a), guesses: true })).toEqual({ scope: a, guessed: true })
})

test('a request is the only running test’s, and the message says that this is a guess', () => {
  const a = newScope('test', 'a')
  const scopes = newScopes(a)
  const found = scopes.als.run(arrived(scopes), () => attribute(scopes))
  expect(found).toMatchObject({ scope: a, by: 'handler', guessed: true })
  expect(found.note).toBe(
    'charged to this test because no other ran when the request came in: a request does not say who sent it',
  )
})

test('a request to a server that a test made itself is that test’s, without a guess', () => {
  const [a, b] = [newScope('test', 'a'), newScope('test', 'b')]
  const scopes = newScopes(a, b)
  expect(scopes.als.run(contextOf(b, 'body'), () => arrived(scopes))).toEqual({ scope: b, by: 'handler' })
})

test('a request while several tests run, or none, is the file’s', () => {
  const none = newScopes()
  expect(arrived(none)).toEqual({ scope: none.file, by: 'handler' })
  const two = newScopes(newScope('test', 'a'), newScope('test', 'b'))
  const note = "opened while 2 tests ran: which of them can't be told"
  expect(arrived(two)).toEqual({ scope: two.file, by: 'handler', note })
  expect(two.als.run(arrived(two), () => attribute(two))).toEqual({ scope: two.file, by: 'handler', note })
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
  expect(arrived(newScopes(outer, inner))).toMatchObject({ scope: inner, guessed: true })
})

test('after its test: the file, with the test named', () => {
  const a = { ...newScope('test', 'a'), done: true }
  const scopes = newScopes()
  expect(scopes.als.run(contextOf(a, 'body'), () => attribute(scopes))).toEqual({
    scope: scopes.file,
    by: 'body',
    test: 'a',
    note: 'opened after its test "a" was over',
  })
})

test('after its whole file: marked late, so that the file which runs now does not fail for it', () => {
  const scopes = newScopes()
  const a = { ...newScope('test', 'a'), done: true, file: newScope('file', 'earlier.test.ts') }
  expect(scopes.als.run(contextOf(a, 'body'), () => attribute(scopes))).toEqual({
    scope: scopes.file,
    by: 'body',
    test: 'a',
    note: 'opened after its test "a" was over, like its whole file',
    late: true,
  })
})
