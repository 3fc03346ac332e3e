// @ts-check
// `npm run bench`: what tracing costs on the hot paths, as ratios of one run. Bundles our sources first, so that what is
// measured is what is installed: plain JavaScript, with the driver outside.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const path = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url))
const outfile = path('../node_modules/.bench/paths.mjs')
await build({
  entryPoints: [path('paths.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
})
const server = path('../fixtures/server/with-server.mjs')
const { status } = spawnSync(process.execPath, [server, '--', process.execPath, '--expose-gc', outfile], {
  stdio: 'inherit',
})
rmSync(path('../node_modules/.bench'), { recursive: true, force: true })
process.exit(status ?? 1)
