import { changeStream } from './change-stream.ts'
import { client } from './client.ts'
import { cursor } from './cursor.ts'
import { gridfs } from './gridfs.ts'
import { mongooseChangeStream } from './mongoose-change-stream.ts'
import { mongooseCursor } from './mongoose-cursor.ts'
import type { Resource } from './resource.ts'

/** Every kind that is traced. The order matters only where one prototype would fit two kinds: none does. */
export const resources: readonly Resource[] = [
  cursor,
  changeStream,
  client,
  mongooseCursor,
  mongooseChangeStream,
  gridfs,
]
