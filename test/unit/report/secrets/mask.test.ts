// biome-ignore-all lint/suspicious/noTemplateCurlyInString: source of templates
import { expect, test } from 'vitest'
import { masked } from '../../../../src/report/credentials.ts'
import { maskedLines } from '../../../../src/report/masked-lines.ts'

test.each([
  ["const password: string = 'hush'", "const password: string = '***'"],
  ["const password!: string | null = 'hush'", "const password!: string | null = '***'"],
  ["const password = <string>'hush'", "const password = <string>'***'"],
  ['const PASSWORD = "hush" as const', 'const PASSWORD = "***" as const'],
  ["const passwd = new Secret('hush')", "const passwd = new Secret('***')"],
  ["const pwd = ('hush')", "const pwd = ('***')"],
  ["token = String('hush').trim()", "token = String('***').trim()"],
  ["const secret = 'hu' + 'hush' // so", "const secret = '***' + '***' // so"],
  ['const password = `hu${x}hush`', 'const password = `***${x}***`'],
  ["password = /* dev */ 'hush'", "password = /* dev */ '***'"],
  ["const password = env.PW ? env.PW : 'hush'", "const password = env.PW ? env.PW : '***'"],
  ["const [user, password] = ['root', 'hush']", "const [user, password] = ['***', '***']"],
  ["auth: { username, password: 'hush' }, appName: 'x'", "auth: { username, password: '***' }, appName: 'x'"],
  ["url.password = 'hush'; url.host = 'x'", "url.password = '***'; url.host = 'x'"],
  ["AWS_SECRET_ACCESS_KEY: 'hush'", "AWS_SECRET_ACCESS_KEY: '***'"],
  ["headers: { 'x-api-key': 'hush' }", "headers: { 'x-api-key': '***' }"],
  ["headers.set('authorization', 'hush')", "headers.set('authorization', '***')"],
  ["vi.stubEnv('DB_PASSWORD', 'hush')", "vi.stubEnv('DB_PASSWORD', '***')"],
  ["setPassword('hush')", "setPassword('***')"],
  ["expect(user.password).toBe('hush')", "expect(user.password).toBe('***')"],
  ["assert.equal(password, 'hush')", "assert.equal(password, '***')"],
  ["if (password === 'hush') return 'x'", "if (password === '***') return 'x'"],
  ["// const password = 'hush'", "// const password = '***'"],
  ['body: \'{"password":"hush"}\'', 'body: \'{"password":"***"}\''],
  ['body: "{\\"password\\":\\"hush\\"}"', 'body: "{\\"password\\":\\"***\\"}"'],
  ["fetch(x, { y: 'Bearer hush' })", "fetch(x, { y: 'Bearer ***' })"],
])('a literal that is given to a secret name: %s', (line, safe) => {
  expect(masked(line)).toBe(safe)
})

test.each([
  ["'mongodb://user:' + 'hush' + '@host'", "'mongodb://***@host'"],
  ["'mongodb://user:hush' + '@host'", "'mongodb://***@host'"],
  ["'mongodb:' + '//user:hush@host'", "'mongodb:' + '//***@host'"],
  ["scheme + '://user:hush@host'", "scheme + '://***@host'"],
  ['`mongodb://${user}:hush@h`', '`mongodb://***@h`'],
  ['`${scheme}://user:hush@h`', '`${scheme}://***@h`'],
  ["'mongodb://user:'.concat('hush', '@host')", "'mongodb://***@host')"],
  ["'mongodb://user:' + encodeURIComponent('hush') + '@host'", "'mongodb://***@host'"],
  ["['mongodb://', 'user', ':', 'hush', '@host'].join('')", "['mongodb://***@host'].join('')"],
  ["format('mongodb://%s:%s@host', 'user', 'hush')", "format('mongodb://***@host', '***', '***')"],
  ["'mongodb://user:<pw>@host'.replace('<pw>', 'hush')", "'mongodb://***@host'.replace('***', '***')"],
  ["'mongodb://user:' + 'hush' + at + host", "'mongodb://***' + at + host"],
  ["find('user:hush@db.example.net:27017/shop')", "find('***@db.example.net:27017/shop')"],
  ["const dsn = 'root:hush@db'", "const dsn = '***@db'"],
  ["'redis://:hush@host'", "'redis://***@host'"],
  ["'postgres://u:hu/hush@host'", "'postgres://***@host'"],
  ["'https://hush@git.example.com/x'", "'https://***@git.example.com/x'"],
  ['run("mongosh \'mongodb://user:hush@host/x\'")', 'run("mongosh \'mongodb://***@host/x\'")'],
  ['// mongodb://user:pass hush@host', '// mongodb://***@host'],
  ["run('mongosh --password hush -u x')", "run('mongosh --password *** -u x')"],
  ["run('x --auth-token=hush')", "run('x --auth-token=***')"],
  ["run('mongodump -u root -p hush')", "run('mongodump -u root -p ***')"],
  ["spawn('mongosh', ['--password', 'hush'])", "spawn('mongosh', ['--password', '***'])"],
  ["spawn('mongosh', ['-p', 'hush'])", "spawn('mongosh', ['-p', '***'])"],
  ["'user=root;password=hush;x=1'", "'user=root;password=***;x=1'"],
])('user and password, however they are put together: %s', (line, safe) => {
  expect(masked(line)).toBe(safe)
})

test.each([
  "const passwordField = page.locator('#pw')",
  'await users.find({ password: hash }).next()',
  "expect(message).toBe('wrong password')",
  "test('rejects a wrong password: no cursor', async () => {",
  "await users.find({ email: 'ann@example.com' }).next()",
  "cache.get('user:ann@example.com')",
  "const tokens = db.collection('tokens')",
  "const cursor = db.collection('tokens').find({ kind: 'x' })",
  "const secretCursor = vault.find({ kind: 'x' })",
  "const { token } = await login('ann', { role: 'admin' })",
  "if (typeof token === 'string') return find({ kind: 'x' })",
  "const password = process.env['PASSWORD']",
  "for (const token of tokens) await seen.insertOne({ at: 'now' })",
  "pick(user, ['password', 'email'])",
  "import { token } from './token.ts'",
  "const compass = open('x'), passenger = find('y')",
  "const tokenizer = natural('en')",
  "const withToken = async (run) => { await run(find({ kind: 'x' })) }",
  "connect('mongodb://' + host + ':27017/shop')",
  "connect('mongodb://localhost:' + port + '/db')",
  'connect(`mongodb://127.0.0.1:${port}/?directConnection=true`)',
  "fetch('https://example.com:8080/@scope/x')",
  "link('mailto:ann@example.com')",
  "run('mongosh --password $PASSWORD')",
  "<b>don't</b> <i title='x'>token</i>",
])('what looks like it and is none stays: %s', (line) => {
  expect(masked(line)).toBe(line)
})

const around = ["import { open } from './open.ts'", "// As it was: `find()`, and it's gone", 'const quote = /[\'"`]/']
test.each<[string, string[], string[]]>([
  [
    'joined in the next line',
    ["const uri = 'mongodb://' +", "  'user:hush@db'", "  + '/shop'"],
    ["const uri = 'mongodb://***", "  ***@db'", "  + '/shop'"],
  ],
  [
    'the @ in the next line',
    ["const uri = 'mongodb://user:hush' +", "  '@db'"],
    ["const uri = 'mongodb://***", "  ***@db'"],
  ],
  ['a backslash', ["const uri = 'mongodb://user:hu\\", "hush@db'"], ["const uri = 'mongodb://***", "***@db'"]],
  [
    'a template',
    ['const key = await privateKey(`one', 'hush', '`)'],
    ['const key = await privateKey(`***', '***', '`)'],
  ],
  [
    'the name in the line before',
    ['const password =', "  'hush'", "const x = 'y'"],
    ['const password =', "  '***'", "const x = 'y'"],
  ],
  ['behind a comment', ['const password = // dev', "  'hush'"], ['const password = // dev', "  '***'"]],
  ['no semicolon', ["const password = 'hush'", "const x = 'y'"], ["const password = '***'", "const x = 'y'"]],
  [
    'an object',
    ['connect(uri, {', '  auth: {', '    password:', "      'hush',", "    username: 'x',"],
    ['connect(uri, {', '  auth: {', '    password:', "      '***',", "    username: 'x',"],
  ],
])('each line as it is shown, with what stands around it: %s', (_, lines, safe) => {
  const source = [...around, ...lines]
  expect(maskedLines(source, 3, source.length - 1)).toEqual(safe)
  // One line alone, as a report shows it.
  expect(lines.map((_line, i) => maskedLines(source, 3 + i, 3 + i)[0])).toEqual(safe)
})

test('of a line of 100 kB, and of 100 kB of lines, the time stays short', () => {
  const parts = [
    'password = ',
    "'a:' + ",
    '(',
    '`${',
    'password: (',
    "'mongodb://' + ",
    '/ ',
    "'//a:'+",
    '[password,',
    "'a://b:c' ",
    '\\"',
    'a.',
    '--password ',
    '//x:',
    "('a', ",
  ]
  for (const part of parts) {
    const line = part.repeat(100_000 / part.length)
    for (const text of [line, `${line}@`, line.replace(/(.{80}) ?/g, '$1\n')]) {
      const start = performance.now()
      masked(text)
      maskedLines(text.split('\n'), 500, 504)
      expect(performance.now() - start, part).toBeLessThan(3_000)
    }
  }
})
