import { expect, test } from 'vitest'
import { isInGenerator, siteOf, userFrames } from '../../../src/report/frames.ts'

const STACK = `Error
    at Collection.find (/app/node_modules/.pnpm/mongodb@7.9.0/node_modules/mongodb/src/collection.ts:580:12)
    at openOrders (/app/src/orders.ts:12:20)
    at async Promise.all (index 0)
    at async file:///app/src/job.ts:3:5
    at /app/test/orders.test.ts:5:9
    at new Promise (<anonymous>)
    at file:///app/node_modules/@vitest/runner/dist/index.js:145:11
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`

test('keeps the frames of the user', () => {
  expect(userFrames(STACK, true)).toEqual([
    '    at openOrders (/app/src/orders.ts:12:20)',
    '    at async file:///app/src/job.ts:3:5',
    '    at /app/test/orders.test.ts:5:9',
  ])
})

test('the first frame is the driver even where its path does not tell: a bundle', () => {
  const bundled = 'Error\n    at e.find (/app/dist/app.js:1:200)\n    at f (/app/dist/app.js:9:1)'
  expect(userFrames(bundled, true)).toEqual(['    at f (/app/dist/app.js:9:1)'])
  expect(userFrames(bundled, false)).toHaveLength(2)
})

test("in a bundle, mongoose's iterator is not the user either", () => {
  const bundled = (method: string, file = 'app') => `Error
    at u.cursor (/app/dist/app.js:1:200)
    at ${method} (/app/dist/${file}.js:1:300)
    at first (/app/dist/app.js:9:1)`
  expect(userFrames(bundled('u.Query.U.<computed>'), true)).toEqual(['    at first (/app/dist/app.js:9:1)'])
  expect(userFrames(bundled('Shop.load'), true)).toHaveLength(2)
  // A computed method in another file is the user's.
  expect(userFrames(bundled('Shop.<computed>', 'shop'), true)).toHaveLength(2)
})

test.each(['expect/build/index.js', 'chai/chai.js'])('what calls a matcher is not the user: %s', (file) => {
  const stack = `Error
    at throwingMatcher (/app/node_modules/${file}:1:1)
    at /app/test/orders.test.ts:5:9`
  expect(userFrames(stack, false)).toEqual(['    at /app/test/orders.test.ts:5:9'])
})

test('a package of somebody else is shown, and its caller is the creation site', () => {
  const stack = `Error
    at Collection.find (/app/node_modules/mongodb/lib/collection.js:1:1)
    at page (/app/node_modules/mongoose-paginate/index.js:7:3)
    at list (/app/src/list.ts:4:2)`
  const frames = userFrames(stack, true)
  expect(frames).toHaveLength(2)
  expect(siteOf(frames)).toEqual({ file: '/app/src/list.ts', line: 4, column: 2, function: 'list' })
})

test("a framework's frames below the user's last one go; those between the user's stay", () => {
  const stack = `Error
    at Collection.find (/app/node_modules/mongodb/lib/collection.js:1:1)
    at list (/app/src/list.ts:4:2)
    at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)
    at /app/src/server.ts:9:3
    at next (/app/node_modules/express/lib/router/route.js:144:13)
    at Function.process_params (/app/node_modules/express/lib/router/index.js:346:12)`
  expect(userFrames(stack, true)).toEqual([
    '    at list (/app/src/list.ts:4:2)',
    '    at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)',
    '    at /app/src/server.ts:9:3',
  ])
})

test.each([
  ['a generator', 'pages.next', true],
  ['one without a name', 'AsyncGenerator.next', true],
  ['an async function as a compiler writes it', 'Generator.next', false],
  ['a method that is called next', 'Queue.next (/app/src/queue.ts:1:1)\n    at x.next', false],
])('the body of %s', (_name, below, is) => {
  const frame = '    at pages (/app/src/pages.ts:4:2)'
  expect(isInGenerator(`Error\n${frame}\n    at ${below} (<anonymous>)`, frame)).toBe(is)
  expect(isInGenerator(`Error\n${frame}`, frame)).toBe(false)
})

test('where nothing is the user, what there is is shown', () => {
  const stack = 'Error\n    at a (/x/node_modules/mongodb/a.js:1:1)\n    at b (/x/node_modules/mongodb/b.js:2:2)'
  expect(userFrames(stack, true)).toEqual(['    at b (/x/node_modules/mongodb/b.js:2:2)'])
  expect(siteOf(userFrames('Error', true))).toBeUndefined()
})

test.each([
  ['    at async fn (/a b/c.ts:1:2)', { file: '/a b/c.ts', line: 1, column: 2, function: 'fn' }],
  ['    at C:\\app\\x.ts:1:2', { file: 'C:\\app\\x.ts', line: 1, column: 2, function: '<anonymous>' }],
  [
    '    at Repo.all [as list] (file:///app/r%C3%A4.ts:1:2)',
    { file: '/app/rä.ts', line: 1, column: 2, function: 'Repo.all' },
  ],
])('%s', (line, site) => {
  expect(siteOf([line])).toEqual(site)
})
