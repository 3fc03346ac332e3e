import { EventEmitter } from 'node:events'
import { MongoClient } from 'mongodb'
import { configure } from '../src/options.ts'
import { beginTest, endTest } from '../src/runner.ts'
import { state } from '../src/state.ts'
import { startTracing } from '../src/trace/registry.ts'
import { contextOf } from '../src/trace/scope.ts'
import { stopTrace } from '../src/trace.ts'
import { compare, type Result } from './compare.ts'

// Seen once while tracing, so that the classes are watched in every traced round.
startTracing()
const client = await new MongoClient(process.env.MONGODB_URI as string).connect()
const ten = client.db('cursorleak_bench').collection('ten')
const thousand = client.db('cursorleak_bench').collection('thousand')
const fill = async (into: typeof ten, count: number) => {
  await into.deleteMany({})
  await into.insertMany(Array.from({ length: count }, (_, no) => ({ no })))
}
await fill(ten, 10)
await fill(thousand, 1_000)
stopTrace()

/** A caller far below its test: the deeper it is, the more frames a capture walks. */
const deep = (frames: number, call: () => unknown): unknown => (frames > 0 ? deep(frames - 1, call) : call())
const depths: Result[] = []
const results: Result[] = [
  await compare('`new EventEmitter()` (not the driver’s)', 20_000, () => new EventEmitter()),
  await compare('`collection.find()` alone', 2_000, () => ten.find({})),
  await compare('`find().toArray()`, 10 documents', 100, () => ten.find({}).toArray()),
  await compare('`findOne()`', 100, () => ten.findOne({})),
  await compare('`updateOne()` (implicit session, no cursor)', 100, () => ten.updateOne({ no: 1 }, { $set: { a: 1 } })),
  await compare('`next()` through 1,000 documents', 2, async () => {
    const cursor = thousand.find({}).batchSize(1_000)
    while (await cursor.next());
    await cursor.close()
  }),
  // All reads but the first take their position: what `last read at` costs at its dearest.
  await compare('`find()`, four `next()` by hand, `close()`', 100, async () => {
    const cursor = ten.find({})
    for (let read = 0; read < 4; read++) await cursor.next()
    await cursor.close()
  }),
  await compare('`for await` through 1,000 documents', 2, async () => {
    for await (const document of thousand.find({}).batchSize(1_000)) void document
  }),
]
for (const stackDepth of [10, 24, 50]) {
  const set = () => void configure({ stackDepth })
  depths.push(await compare(`\`find()\`, ${stackDepth} frames kept`, 2_000, () => deep(60, () => ten.find({})), set))
}
configure({ stackDepth: 24 })
await client.db('cursorleak_bench').dropDatabase()
await client.close()

const line = ({ name, plainUs, ratio }: Result) =>
  `| ${name} | ${ratio.toFixed(2)} | ${plainUs < 10 ? plainUs.toFixed(2) : Math.round(plainUs)} |`
console.log(['| path | with / without | µs without |', '|---|---|---|', ...results.map(line)].join('\n'))
console.log(
  ['', '| called 60 frames deep | with / without | µs without |', '|---|---|---|', ...depths.map(line)].join('\n'),
)

startTracing()
const TESTS = 20_000
const start = process.hrtime.bigint()
for (let i = 0; i < TESTS; i++) {
  const scope = beginTest('no cursor')
  await state().als.run(contextOf(scope, 'body'), async () => {})
  await endTest(scope)
}
const each = Number(process.hrtime.bigint() - start) / TESTS / 1_000
console.log(`\nA test without a cursor: ${each.toFixed(1)} µs for its scope and its check.`)
stopTrace()
