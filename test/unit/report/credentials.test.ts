import { expect, test } from 'vitest'
import { shapeOf } from '../../../src/cli/sample.ts'
import { hostsOf, masked, redact } from '../../../src/report/credentials.ts'

test.each([
  ['mongodb://localhost:27017', 'localhost:27017'],
  ['mongodb://root:s3cr%40t@a:1,b:2/shop?authSource=admin', 'a:1,b:2'],
  ['mongodb+srv://root:p@ss@cluster.example.net/?w=1', 'cluster.example.net'],
  ['mongodb://user:sec/part@host/', 'host'],
  ['mongodb://user:sec?part@host:1,[::1]:2/x', 'host:1,[::1]:2'],
  ['mongodb+srv://us/er:12/34@a.b.example.net', 'a.b.example.net'],
  ['mongodb://%2Ftmp%2Fmongodb-27017.sock', '%2Ftmp%2Fmongodb-27017.sock'],
  ['mongodb://user:secret', ''],
  ['mongodb://user:secret@', ''],
  ['mongodb://user:sec@ret/x@', ''],
  ['mongodb://user:sec#ret', ''],
  ['mongodb://host/?authMechanismProperties=AWS_SESSION_TOKEN:sec@ret', ''],
  ['mongodb://host\n::error::x', ''],
  ['secret', 'secret'],
])('hosts of %s', (uri, hosts) => {
  expect(hostsOf(uri)).toBe(hosts)
})

const URI = 'mongodb://root:s3cr%40t@a:1/shop?tlsCertificateKeyFilePassword=hush77'
test.each([
  ['failed for mongodb://root:s3cr%40t@a:1/shop', 'failed for mongodb://***@a:1/shop'],
  [`Protocol and host list are required in "${URI}"`, 'Protocol and host list are required in "a:1"'],
  ['wrong password s3cr@t of root', 'wrong password *** of ***'],
  ['wrong password s3cr%40t', 'wrong password ***'],
  ['wrong password S3CR', 'wrong password S3CR'],
  ['another uri mongodb://x:y@b:2', 'another uri mongodb://***@b:2'],
  ['bad decrypt with hush77', 'bad decrypt with ***'],
  ['connect ECONNREFUSED 127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
])('what a driver says, without what %s keeps secret', (text, safe) => {
  expect(redact(text, URI)).toBe(safe)
})

test.each([
  ['mongodb://user:secret', 'Unable to parse user:secret with URL'],
  ['mongodb://na/me:hush@host/', 'Unescaped characters na/me'],
  ['mongodb+srv://user:Sec/part@host/', 'querySrv ENOTFOUND _mongodb._tcp.user:sec'],
  ['mongodb://user:sec?part@host/', 'option part is not supported'],
  ['mongodb://er:p@s@host/', 'Unable to parse er:p with URL'],
])('pieces of %s', (uri, text) => {
  expect(redact(text, uri)).not.toMatch(/hush|sec|part|na\/me|user|er:p/i)
})

test.each([
  ["const uri = 'mongodb://root:hush@db:1/shop'", "const uri = 'mongodb://***@db:1/shop'"],
  ["connect('mongodb+srv://ro/ot:hu?sh@db/', { x: 'a@b' })", "connect('mongodb+srv://***@db/', { x: 'a@b' })"],
  ["'mongodb://root:it\\'s hush@db'", "'mongodb://***@db'"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: source of a template
  ['`mongodb://${user}:${hush}@${host}`', '`mongodb://***@${host}`'],
  ["'mongodb://' + user + ':hush@' + host", "'mongodb://***@' + host"],
  ["const uri = 'mongodb://root:hu\\", "const uri = 'mongodb://***"],
  ['a mongodb://a:hush@x, b mongodb://b:hush@y', 'a mongodb://***@x, b mongodb://***@y'],
  ['x = "MONGODB://root:hush@db"', 'x = "MONGODB://***@db"'],
  ["{ username: 'root', password: 'hush' }", "{ username: 'root', password: '***' }"],
  ['auth["password"] = "hu\\"sh"', 'auth["password"] = "***"'],
  ["const pwd = process.env.PWD ?? 'hush'", "const pwd = process.env.PWD ?? '***'"],
  ["tlsCertificateKeyFilePassword: 'hush", "tlsCertificateKeyFilePassword: '***'"],
  ["'mongodb://db/?proxyPassword=hush&w=1'", "'mongodb://db/?proxyPassword=***&w=1'"],
  ["fetch('https://me:hush@example.com/x')", "fetch('https://***@example.com/x')"],
  ["connect('mongodb://root:hush')", "connect('mongodb://***')"],
  ['see mongodb://root:hush, then', 'see mongodb://*** then'],
  ['see (mongodb://localhost:27017), mongodb://a:1,b:2.', 'see (mongodb://localhost:27017), mongodb://a:1,b:2.'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: source of a template
  ['`mongodb://${host}:27017`', '`mongodb://${host}:27017`'],
  ["connect('mongodb://localhost:27017/shop')", "connect('mongodb://localhost:27017/shop')"],
  ["orders.find({ token, email: 'a@b' })", "orders.find({ token, email: 'a@b' })"],
  ['const cursor = orders.find({ status })', 'const cursor = orders.find({ status })'],
])('a line of source: %s', (line, safe) => {
  expect(masked(line)).toBe(safe)
})

test('a line that is long costs little', () => {
  expect(masked(`${'x'.repeat(1_990)}mongodb://root:hush@db`)).not.toContain('hush')
  expect(masked(`${'x'.repeat(1_970)} mongodb://root:hush${'x'.repeat(100)}@db`)).not.toContain('hush')
  const start = performance.now()
  masked('mongodb://a:b'.repeat(20_000))
  masked(`password = ${'x.'.repeat(50_000)}`)
  masked(`${'a+'.repeat(50_000)}://`)
  expect(performance.now() - start).toBeLessThan(1_000)
})

test('a command is shown by its names, never by its values', () => {
  const find = { find: 'orders', filter: { email: 'a@example.com' }, sort: { at: 1 }, lsid: {} }
  expect(shapeOf(find)).toBe('find {email} sort {at}')
  const aggregate = { aggregate: 'orders', pipeline: [{ $match: { name: 'Ann' } }, { $group: { _id: null } }] }
  expect(shapeOf(aggregate)).toBe('aggregate [$match, $group]')
})
