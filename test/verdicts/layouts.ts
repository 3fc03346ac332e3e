import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { external } from '../mongoose/bundle.ts'
import { installed, pnpmProject } from '../support/pnpm.ts'
import type { Driver } from './construct.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDER = path.join(ROOT, '.cache', 'layouts')
const require = createRequire(import.meta.url)

/** The driver and all that it needs in one file, names minified. */
export async function minifiedDriver(): Promise<Driver> {
  const outfile = path.join(FOLDER, 'mongodb.cjs')
  const options: BuildOptions = {
    ...{ stdin: { contents: "module.exports = require('mongodb')", resolveDir: ROOT }, bundle: true, minify: true },
    ...{ external, platform: 'node', target: 'node20', format: 'cjs', outfile, logLevel: 'error' },
  }
  await build(options)
  return require(outfile) as Driver
}

/** The driver as pnpm lays it, and the copy of mongoose there, which the project itself can't resolve. */
export async function underPnpm(): Promise<{ driver: Driver; nested: Driver }> {
  const dependencies = { mongodb: await installed('mongodb'), mongoose: await installed('mongoose') }
  const folder = await pnpmProject(dependencies, fileURLToPath(new URL('./layouts', import.meta.url)), 'layouts')
  const inside = createRequire(path.join(folder, 'package.json'))
  const mongoose = inside('mongoose') as { mongo: Driver }
  return { driver: inside('mongodb') as Driver, nested: mongoose.mongo }
}
