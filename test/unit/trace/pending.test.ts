import { createHook } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { isAtEnd, isPending } from '../../../src/trace/pending.ts'

test('pending', async () => {
  const fulfilled = Promise.resolve({ text: '{ <pending> }' })
  const rejected = Promise.reject(new Error('{ <pending> }'))
  rejected.catch(() => {})
  expect(isPending(new Promise(() => {}))).toBe(true)
  expect(isPending(fulfilled)).toBe(false)
  expect(isPending(Promise.resolve('{ <pending>'))).toBe(false)
  expect(isPending(rejected)).toBe(false)
  expect(isPending(undefined)).toBe(false)
})

test('looking does not count as handling a rejection', async () => {
  const unhandled: unknown[] = []
  const listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.once('unhandledRejection', (reason) => unhandled.push(reason))
  isPending(Promise.reject(new Error('nobody handles this')))
  await new Promise((resolve) => setImmediate(resolve))
  for (const listener of listeners) process.on('unhandledRejection', listener)
  expect(unhandled).toHaveLength(1)
})

test('at the end', () => {
  expect(isAtEnd(Promise.resolve(null))).toBe(true)
  expect(isAtEnd(Promise.resolve(false))).toBe(true)
  expect(isAtEnd(Promise.resolve(true))).toBe(false)
  expect(isAtEnd(Promise.resolve({ a: null }))).toBe(false)
  expect(isAtEnd(new Promise(() => {}))).toBe(false)
})

test('the same in a process with async hooks, where promises carry symbols', () => {
  const hook = createHook({ init() {} }).enable()
  const pending = new Promise(() => {})
  const [atEnd, fulfilled] = [Promise.resolve(null), Promise.resolve('null,')]
  hook.disable()
  expect([pending, atEnd, fulfilled].map(isPending)).toEqual([true, false, false])
  expect([pending, atEnd, fulfilled].map(isAtEnd)).toEqual([false, true, false])
})
