import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from './usage.ts'

/** What is used of the driver's client: the same in every major version. */
export interface Client {
  connect(): Promise<unknown>
  db(name: string): { command(command: object): Promise<Record<string, unknown>>; aggregate(pipeline: object[]): Rows }
  close(): Promise<void>
}
interface Rows {
  toArray(): Promise<Record<string, unknown>[]>
}
export interface Driver {
  MongoClient: new (uri: string, options: object) => Client
}

/** The driver of the project one stands in: this package brings none, so that no second version comes into a project. */
export async function loadDriver(folder = process.cwd()): Promise<Driver> {
  const require = createRequire(path.join(folder, 'package.json'))
  let file: string
  try {
    file = require.resolve('mongodb')
  } catch {
    throw new UsageError(`watch needs the package mongodb, which is not installed in ${folder}: npm install mongodb`)
  }
  const loaded = (await import(pathToFileURL(file).href)) as Partial<Driver> & { default?: Driver }
  const driver = loaded.MongoClient ? (loaded as Driver) : loaded.default
  if (!driver?.MongoClient) throw new UsageError(`watch: ${file} is no mongodb driver: it has no MongoClient`)
  return driver
}
