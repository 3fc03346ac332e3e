import { expect, test } from 'vitest'
import { keysOf } from '../../../../src/trace/resources/collection.ts'

test.each<[string, unknown, string[]]>([
  ['a name', 'email', ['email']],
  ['an object', { shop: 1, no: -1 }, ['shop', 'no']],
  ['a pair', ['email', 1], ['email']],
  [
    'pairs',
    [
      ['shop', 1],
      ['no', -1],
    ],
    ['shop', 'no'],
  ],
  ['names', ['shop', 'no'], ['shop', 'no']],
  ['objects', [{ shop: 1 }, { no: -1 }], ['shop', 'no']],
  ['a map', new Map([['shop', 1]]), ['shop']],
  ['a mixture', ['a', ['b', -1], { c: '2d' }], ['a', 'b', 'c']],
  ['nothing that is known', 7, []],
])('%s', (_, spec, keys) => {
  expect(keysOf(spec)).toEqual(keys)
})
