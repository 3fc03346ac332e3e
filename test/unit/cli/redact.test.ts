import { expect, test } from 'vitest'
import { hostsOf, redact } from '../../../src/cli/redact.ts'
import { shapeOf } from '../../../src/cli/sample.ts'

test.each([
  ['mongodb://localhost:27017', 'localhost:27017'],
  ['mongodb://root:s3cr%40t@a:1,b:2/shop?authSource=admin', 'a:1,b:2'],
  ['mongodb+srv://root:p@ss@cluster.example.net/?w=1', 'cluster.example.net'],
])('hosts of %s', (uri, hosts) => {
  expect(hostsOf(uri)).toBe(hosts)
})

test.each([
  'failed for mongodb://root:s3cr%40t@a:1/shop',
  'wrong password s3cr@t of root',
  'wrong password s3cr%40t',
  'another uri mongodb://x:y@b:2',
])('nothing secret is left of: %s', (text) => {
  expect(redact(text, 'mongodb://root:s3cr%40t@a:1/shop')).not.toMatch(/s3cr|root|x:y/)
})

test('a command is shown by its names, never by its values', () => {
  const find = { find: 'orders', filter: { email: 'a@example.com' }, sort: { at: 1 }, lsid: {} }
  expect(shapeOf(find)).toBe('find {email} sort {at}')
  const aggregate = { aggregate: 'orders', pipeline: [{ $match: { name: 'Ann' } }, { $group: { _id: null } }] }
  expect(shapeOf(aggregate)).toBe('aggregate [$match, $group]')
})
