import { expect, test } from 'vitest'
import { unknownVariables } from '../../src/variables.ts'

test.each([
  ['CURSORLEAK_SETTLE', 'CURSORLEAK_SETTLE_MS'],
  ['CURSORLEAK_CONFRIM', 'CURSORLEAK_CONFIRM'],
  ['CURSORLEAK_LEVEL', 'CURSORLEAK_LEVELS'],
  ['CURSOR_LEAK', 'CURSORLEAK'],
  ['cursorleak_ignore', 'CURSORLEAK_IGNORE'],
])('%s: probably %s', (name, meant) => {
  expect(unknownVariables({ [name]: 'on' })).toEqual([{ name, meant }])
})

test('one that is like none is named without a guess', () => {
  expect(unknownVariables({ CURSORLEAK_TIMEOUT: '5' })).toEqual([{ name: 'CURSORLEAK_TIMEOUT' }])
})

test('those that set something, and those of others, are not named', () => {
  const env = {
    CURSORLEAK: 'on',
    CURSORLEAK_SETTLE_MS: '5',
    CURSORLEAK_SIGNAL: 'SIGUSR1',
    CURSOR: '1',
    CURSORLEAKED: '1',
  }
  expect(unknownVariables(env)).toEqual([])
})

test('a name from outside carries no control characters', () => {
  expect(unknownVariables({ 'CURSORLEAK_\u001b[31m': '' })[0]?.name).toBe('CURSORLEAK_??31m')
})
