// @ts-check
// usage: node fixtures/server/with-server.mjs -- node --expose-gc bench/memory.mjs [cursors] [read] [detail]
// How much heap a running app has after so many cursors under `detail: 'sample'`: a line of JSON. `read` of them are read
// to their end against the server; of the others one half is closed unread, the other is dropped and left to the collector
// with its client (a client that lives keeps every unused cursor itself, by its session or its list of cursors).
import { printTrace, startTrace, stopTrace } from 'cursorleak'
import { MongoClient } from 'mongodb'

const [cursors = 1_000_000, read = 60_000] = process.argv.slice(2, 4).map(Number)
const detail = process.argv[4] ?? 'sample'
const uri = process.env.MONGODB_URI ?? ''
const AT_ONCE = 16
const gc = globalThis.gc
if (!gc) throw new Error('run it with --expose-gc')

const heap = async () => {
  // Callbacks of a collection come in a later turn; what they drop goes with the next one.
  for (let i = 0; i < 4; i++) {
    gc()
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  return process.memoryUsage().heapUsed / 1024 / 1024
}

if (detail !== 'untraced') startTrace({ detail: /** @type {'sample'} */ (detail) })
const client = await new MongoClient(uri).connect()
const orders = client.db('memory').collection('orders')
await orders.drop().catch(() => false)
await orders.insertMany(Array.from({ length: 5 }, (_, n) => ({ n })))

/** @param {number} count */
async function readToEnd(count) {
  let left = count
  const worker = async () => {
    while (left-- > 0) await orders.find().toArray()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** @param {number} count */
async function leaveUnread(count) {
  let other = new MongoClient(uri)
  for (let i = 0; i < count; i++) {
    if (i % 2 === 0) await orders.find().close()
    else other.db('memory').collection('orders').find()
    // A turn of the loop, as between requests: the collector's callbacks need it.
    if (i % 1_000 !== 0) continue
    other = new MongoClient(uri)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

// Warm: compiled code and pools are no leak.
await readToEnd(500)
await leaveUnread(5_000)
const before = await heap()
const start = performance.now()
await readToEnd(read)
await leaveUnread(cursors - read)
const seconds = (performance.now() - start) / 1_000
const after = await heap()
const held = /** @type {any} */ (globalThis)[Symbol.for('cursorleak@1')]?.app?.store.entries.size
const { leaked } = detail === 'untraced' ? { leaked: undefined } : printTrace({ format: 'json' })
process.stdout.write(
  `${JSON.stringify({ detail, cursors, read, heapBefore: round(before), heapAfter: round(after), held, leaked, seconds: Math.round(seconds) })}\n`,
)
stopTrace()
await client.close()

/** @param {number} megabytes */
function round(megabytes) {
  return Math.round(megabytes * 10) / 10
}
