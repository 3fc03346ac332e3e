import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ESM, external } from '../mongoose/bundle.ts'
import { run, stable } from '../support/run.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
// Its path has what stands around a place in a stack, too.
const inside = path.join(ROOT, '.cache', 'bundled (x86)')
const outside = mkdtempSync(path.join(tmpdir(), 'cursorleak-bundled-'))
afterAll(() => rmSync(outside, { recursive: true }))

beforeAll(async () => {
  rmSync(inside, { recursive: true, force: true })
  mkdirSync(inside, { recursive: true })
  cpSync(path.join(ROOT, 'fixtures', 'bundle', 'src'), path.join(inside, 'src'), { recursive: true })
  await Promise.all(
    (['esm', 'cjs'] as const).flatMap((format) =>
      [true, false].map((mapped) =>
        build({
          entryPoints: [path.join(inside, 'src', 'traced.ts')],
          outfile: path.join(inside, 'dist', `${mapped ? 'linked' : 'plain'}.${format === 'esm' ? 'mjs' : 'cjs'}`),
          ...{ bundle: true, minify: true, external, platform: 'node', target: 'node20', logLevel: 'error' },
          ...(format === 'esm' ? ESM : { format }),
          ...(mapped ? { sourcemap: 'linked' } : {}),
        }),
      ),
    ),
  )
  cpSync(inside, outside, { recursive: true })
})

/** What an application prints that has us and the driver in its bundle; a minifier's names and places differ by version. */
async function report(folder: string, bundle: string): Promise<string> {
  const { code, stdout, stderr } = await run(process.execPath, [path.join('dist', bundle)], {
    cwd: folder,
    env: { MONGODB_URI: inject('mongoUri') },
  })
  expect([code, stdout]).toEqual([0, ''])
  return stable(stderr, folder)
    .replace(/at [\w$]+ \(/g, 'at <name> (')
    .replace(/(plain|linked)\.([mc]js):\d+(:\d+)?/g, '$1.$2:<place>')
    .replace(/<time> old, not used for <time>/, '<time> old')
}

test.each(['linked.mjs', 'linked.cjs'])('the lines of the source: %s', async (bundle) => {
  await expect(await report(inside, bundle)).toMatchFileSnapshot('outputs/bundled-linked.txt')
})

test.each(['plain.mjs', 'plain.cjs'])('without a map, the place in the bundle: %s', async (bundle) => {
  await expect((await report(inside, bundle)).replaceAll(bundle, 'plain.js')).toMatchFileSnapshot(
    'outputs/bundled-plain.txt',
  )
})

test.each(['linked.mjs', 'linked.cjs'])('with nothing installed beside it: %s', async (bundle) => {
  const text = await report(outside, bundle)
  expect(text).toContain(
    'cursorleak: source-map-support is not installed where this bundle runs, so its lines are shown as they are: install it, or start Node with --enable-source-maps\n',
  )
  expect(text).toContain(`    at <name> (dist/${bundle}:<place>)\n`)
})
