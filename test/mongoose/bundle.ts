import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Optional parts of the driver and of mongoose, which a bundler can't find. */
export const external = ['mongodb-client-encryption', 'aws4', 'kerberos', 'snappy', '@mongodb-js/zstd', 'socks']
external.push('gcp-metadata', '@aws-sdk/credential-providers')

export const ESM: BuildOptions = {
  format: 'esm',
  // The driver's own `require` calls of Node's modules; a long name, since the minifier picks short ones.
  banner: {
    js: "import{createRequire as requireOfBundle}from'node:module';const require=requireOfBundle(import.meta.url);",
  },
}

/** The fixture, and its application with driver and mongoose in one minified file, in the ways bundles are shipped. */
export async function bundleProject(): Promise<string> {
  const folder = path.join(ROOT, '.cache', 'bundle')
  await rm(folder, { recursive: true, force: true })
  await cp(path.join(ROOT, 'fixtures', 'bundle'), folder, { recursive: true })
  const installed = path.join(folder, 'node_modules', 'pets-app')
  await mkdir(installed, { recursive: true })
  await writeFile(path.join(installed, 'package.json'), JSON.stringify({ name: 'pets-app', main: 'app.cjs' }))
  const common: BuildOptions = {
    ...{ entryPoints: [path.join(folder, 'src', 'app.ts')], bundle: true, minify: true, external },
    ...{ platform: 'node', target: 'node20', logLevel: 'error' },
  }
  await Promise.all([
    build({ ...common, ...ESM, outfile: path.join(folder, 'dist', 'linked.js'), sourcemap: 'linked' }),
    build({ ...common, ...ESM, outfile: path.join(folder, 'dist', 'plain.js') }),
    build({ ...common, format: 'cjs', outfile: path.join(installed, 'app.cjs'), sourcemap: 'linked' }),
  ])
  return folder
}
