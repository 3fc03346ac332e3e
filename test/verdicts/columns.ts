import { createRequire } from 'node:module'
import path from 'node:path'
import * as driver7 from 'mongodb'
import * as driver4 from 'mongodb4'
import * as driver5 from 'mongodb5'
import * as driver6 from 'mongodb6'
import { packagesFolder } from '../../scripts/sandbox.mjs'
import { MONGODB, type OLDEST_MONGODB } from '../versions.ts'
import type { Driver } from './construct.ts'

/** The newest minors, which the repository installs. Their types do not unify. */
export const newest = {
  '4.17': driver4 as unknown as Driver,
  '5.9': driver5 as unknown as Driver,
  '6.22': driver6 as unknown as Driver,
  '7.9': driver7 as Driver,
} as const

/** One of the oldest minors that the peer dependency's range allows, from a project of its own. */
export async function oldest(minor: (typeof OLDEST_MONGODB)[number]): Promise<Driver> {
  const folder = await packagesFolder({ mongodb: MONGODB[minor] })
  return createRequire(path.join(folder, 'package.json'))('mongodb') as Driver
}

/** A copy of the driver that is no other column's: the one inside mongoose 6. */
export function nested(mongoose: 'mongoose' | 'mongoose6'): Driver {
  const inside = createRequire(createRequire(import.meta.url).resolve(mongoose))
  return inside('mongodb') as Driver
}
