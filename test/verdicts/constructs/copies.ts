import { CLEAN, type Construct, type Context, FORGOTTEN } from '../construct.ts'

type Collection = Context['orders']
const firstOf = async (orders: Collection): Promise<void> => {
  for await (const _ of orders.find()) break
}

/** This copy of the driver, and in the same process the 4.17 that mongoose 6 brings: each is judged by its own rules. */
export const copies: Construct[] = [
  {
    id: 'copies-next',
    title: '`find().next()` once, by either copy',
    expected: ['2 abandoned', '2 open'],
    run: async ({ orders, elsewhere }) => {
      await orders.find().next()
      await elsewhere.find().next()
    },
  },
  {
    id: 'copies-one',
    title: '`find().toArray()` by this copy, `find().next()` once by the other',
    expected: FORGOTTEN,
    run: async ({ orders, elsewhere }) => {
      await orders.find().toArray()
      await elsewhere.find().next()
    },
  },
  {
    id: 'copies-break',
    title: '`for await … break` by either copy: the other one is a 4.17, whose iterator does not close',
    expected: FORGOTTEN,
    on: { 4: ['2 abandoned', '2 open'] },
    run: async ({ orders, elsewhere }) => {
      await firstOf(orders)
      await firstOf(elsewhere)
    },
  },
  {
    id: 'copies-close',
    title: '`find().next()`, `close()` by either copy',
    expected: CLEAN,
    run: async ({ orders, elsewhere }) => {
      for (const cursor of [orders.find(), elsewhere.find()]) {
        await cursor.next()
        await cursor.close()
      }
    },
  },
]
