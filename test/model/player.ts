import type { Readable } from 'node:stream'
import type { AggregationCursor, Collection, FindCursor } from 'mongodb'
import type { Program, Step } from './program.ts'

type Cursor = FindCursor<{ _id: number }> | AggregationCursor<{ _id: number }>

/** A cursor of a program, and what the model knows of it from the calls and their answers alone. */
export interface Slot {
  cursor: Cursor
  iterator?: AsyncIterator<unknown> | undefined
  /** The iterator has read something: only then does leaving it run the driver's clean-up. */
  started: boolean
  stream?: Readable
  /** Ended by its user, since the last `rewind()`. */
  closed: boolean
  /** Its user has seen the end. */
  drained: boolean
}

/** Plays a program on one collection, step by step. */
export class Player {
  readonly slots: (Slot | undefined)[] = [undefined, undefined]
  private readonly orders: Collection<{ _id: number }>
  private readonly program: Program
  /** From driver 5 on an iterator that is left closes its cursor. */
  private readonly closes: boolean

  constructor(orders: Collection<{ _id: number }>, major: number, program: Program) {
    this.orders = orders
    this.program = program
    this.closes = major > 4
  }

  async play({ slot: index, call, count }: Step): Promise<void> {
    const slot = this.slots[index] ?? fresh(this.build())
    this.slots[index] = slot
    // A stream's user leaves the cursor to it: two readers at once are no program that can be judged.
    if (slot.stream && call !== 'stream.destroy' && call !== 'close') return
    try {
      await this.step(slot, index, call, count)
    } catch (error) {
      if ((error as Error).name === 'TypeError') throw error
      // The driver refuses a call on a cursor that is closed or exhausted: part of the game.
    }
  }

  private build(): Cursor {
    const { source, batchSize, limit } = this.program
    const options = batchSize === undefined ? {} : { batchSize }
    if (source === 'aggregate') return this.orders.aggregate(limit ? [{ $limit: limit }] : [], options)
    return this.orders.find({}, limit ? { ...options, limit } : options)
  }

  private async step(slot: Slot, index: number, call: Step['call'], count: number): Promise<void> {
    const { cursor } = slot
    switch (call) {
      case 'next':
      case 'tryNext':
        if ((await cursor[call]()) === null) slot.drained = true
        return
      case 'hasNext':
        if (!(await cursor.hasNext())) slot.drained = true
        return
      case 'readBuffered':
        cursor.readBufferedDocuments(count)
        return
      case 'toArray':
        await cursor.toArray()
        slot.drained = true
        return
      case 'loop to the end':
        for await (const _ of cursor);
        slot.drained = true
        return
      case 'loop and break':
      case 'loop and throw':
        return this.leave(slot, count, call === 'loop and throw')
      case 'forEach and stop':
        return this.stop(slot, count)
      case 'iterator.next':
        slot.iterator ??= cursor[Symbol.asyncIterator]()
        slot.started = true
        if ((await slot.iterator.next()).done) slot.drained = true
        return
      case 'iterator.return':
        await slot.iterator?.return?.(undefined)
        if (slot.started && this.closes) slot.closed = true
        Object.assign(slot, { iterator: undefined, started: false })
        return
      case 'stream one':
        return readOne(slot)
      case 'stream.destroy':
        return destroy(slot)
      case 'close':
        await cursor.close()
        slot.closed = true
        return
      case 'rewind':
        cursor.rewind()
        Object.assign(slot, { closed: false, drained: false, iterator: undefined, started: false })
        return
      case 'clone':
        this.slots[1 - index] ??= fresh(cursor.clone())
    }
  }

  private async leave(slot: Slot, count: number, throwing: boolean): Promise<void> {
    let left = count
    try {
      for await (const _ of slot.cursor) {
        if (--left > 0) continue
        if (throwing) throw new Error('expected')
        break
      }
    } finally {
      this.note(slot, left === 0)
    }
  }

  private async stop(slot: Slot, count: number): Promise<void> {
    let left = count
    const goesOn = (): boolean => --left > 0
    await slot.cursor.forEach(goesOn)
    this.note(slot, left === 0)
  }

  private note(slot: Slot, stopped: boolean): void {
    if (!stopped) slot.drained = true
    else if (this.closes) slot.closed = true
  }
}

const fresh = (cursor: Cursor): Slot => ({ cursor, started: false, closed: false, drained: false })

/** Reads one document and pauses; comes back when the stream has read ahead as far as it will. */
async function readOne(slot: Slot): Promise<void> {
  const stream = slot.cursor.stream()
  slot.stream = stream
  await new Promise<void>((resolve) => {
    stream.once('data', () => {
      stream.pause()
      resolve()
    })
    for (const event of ['end', 'error', 'close']) {
      stream.once(event, () => {
        slot.drained = true
        resolve()
      })
    }
  })
  let before = -1
  for (let same = 0; same < 3; same++) {
    if (stream.readableLength !== before) same = 0
    before = stream.readableLength
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

async function destroy(slot: Slot): Promise<void> {
  const { stream } = slot
  if (!stream || stream.destroyed || slot.closed) return
  const closed = new Promise((resolve) => stream.once('close', resolve))
  stream.destroy()
  await closed
  slot.closed = true
}
