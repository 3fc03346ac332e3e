import { expect, test } from 'vitest'
import { watchCallback } from '../../../src/trace/callback.ts'
import { isAtEnd, isPending } from '../../../src/trace/pending.ts'

test('without a callback nothing changes', () => {
  const args = [{ a: 1 }]
  expect(watchCallback(args)).toEqual({ args })
  expect(watchCallback(args).args).toBe(args)
})

test('the callback is called as it would have been, and looks the same', async () => {
  const calls: unknown[] = []
  function mine(this: unknown, error: unknown, answer: unknown) {
    calls.push([this, error, answer])
    return 'mine'
  }
  const { args, operation } = watchCallback([1, mine])
  const [first, callback] = args as [number, typeof mine]
  expect([first, callback.name, callback.length]).toEqual([1, 'mine', 2])
  expect(isPending(operation)).toBe(true)
  expect(callback.call('self', undefined, { a: 1 })).toBe('mine')
  expect(calls).toEqual([['self', undefined, { a: 1 }]])
  expect([isPending(operation), isAtEnd(operation)]).toEqual([false, false])
})

test.each([null, false])('the answer %s is the end', (answer) => {
  const { args, operation } = watchCallback([() => {}])
  ;(args[0] as (error: unknown, answer: unknown) => void)(undefined, answer)
  expect(isAtEnd(operation)).toBe(true)
})

test('an error is not the end, and nothing is left unhandled', () => {
  const { args, operation } = watchCallback([() => {}])
  ;(args[0] as (error: unknown) => void)(new Error('mine'))
  expect([isPending(operation), isAtEnd(operation)]).toEqual([false, false])
})
