import { expect, test } from 'vitest'
import { within } from '../../src/clock.ts'

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

test('within() hands over what the work comes to, and leaves no timer', async () => {
  const before = timers()
  expect(await within(Promise.resolve(7), 60_000)).toBe(7)
  await expect(within(Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no')
  expect(timers()).toBe(before)
})

test('within() gives up in time', async () => {
  expect(await within(new Promise(() => {}), 1)).toBeUndefined()
})
