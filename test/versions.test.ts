import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { DRIVERS, LEAST_NODE, RUNNERS } from '../src/cli/supported.ts'
import * as versions from './versions.ts'

const ROOT = new URL('../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8')
const manifest = JSON.parse(read('package.json')) as {
  peerDependencies: Record<string, string>
  engines: { node: string }
}
const TESTED = {
  mongodb: versions.MONGODB,
  mongoose: versions.MONGOOSE,
  vitest: versions.VITEST,
  jest: versions.JEST,
  mocha: versions.MOCHA,
}

/** The majors of some releases: every one from the least to the greatest. */
function majorsOf(releases: object): number[] {
  const majors = Object.values(releases).map((release) => Number.parseInt(release, 10))
  return [...new Set(majors)].sort((a, b) => a - b)
}
const rangeOf = (releases: object): [least: number, greatest: number] => {
  const majors = majorsOf(releases)
  const [least = 0, greatest = 0] = [majors[0], majors.at(-1)]
  expect(majors).toEqual(Array.from({ length: greatest - least + 1 }, (_, i) => least + i))
  return [least, greatest]
}

test.each(Object.entries(TESTED))(
  '%s: package.json and doctor promise the majors that are tested',
  (name, releases) => {
    const [least, greatest] = rangeOf(releases)
    expect(manifest.peerDependencies[name]).toBe(`>=${least} <${greatest + 1}`)
    expect({ ...DRIVERS, ...RUNNERS }[name]).toEqual([least, greatest])
  },
)

test('Node: package.json, doctor and the least that is tested', () => {
  expect(manifest.engines.node).toBe(`>=${LEAST_NODE.join('.')}.0`)
  expect(majorsOf(versions.NODE)[0]).toBe(LEAST_NODE[0])
})

const to = (releases: object): string => {
  const majors = majorsOf(releases)
  return `${majors[0]} to ${majors.at(-1)}`
}

test.each([
  ['README.md', `| Vitest ${to(versions.VITEST)} |`],
  ['README.md', `| Jest ${to(versions.JEST)} |`],
  ['README.md', `| Mocha ${to(versions.MOCHA)} |`],
  ['README.md', `| node:test, Node ${to(versions.NODE)} |`],
  [
    'README.md',
    `The \`mongodb\` driver ${to(versions.MONGODB)} and [mongoose](docs/mongoose.md) ${to(versions.MONGOOSE)}`,
  ],
  ['jest/index.js', `cursorleak/jest is for Jest ${to(versions.JEST)}:`],
  ['docs/vitest.md', `Vitest ${listed(Object.keys(versions.VITEST))}, on the versions of Node`],
  ['docs/jest.md', `Jest ${listed(majorsOf(versions.JEST))} on Node ${LEAST_NODE.join('.')} and later`],
  ['docs/mocha.md', `Mocha ${listed(majorsOf(versions.MOCHA))}, CommonJS`],
  ['docs/node-test.md', `on Node ${LEAST_NODE.join('.')}, ${listed(majorsOf(versions.NODE).slice(1))}, CommonJS`],
  ['docs/matchers.md', `Chai ${to(versions.CHAI)} under TypeScript 5.4 to ${majorsOf(versions.TYPESCRIPT).at(-1)}`],
])('%s says %j', (page, text) => {
  expect(read(page).replace(/\s+/g, ' ')).toContain(text)
})

test('docs/runners.md has a column for every major of every runner', () => {
  const head = /^\| test \|.*$/m.exec(read('docs/runners.md'))?.[0].split(' | ') ?? []
  const names = { Vitest: versions.VITEST, Jest: versions.JEST, Mocha: versions.MOCHA, Node: versions.NODE }
  const wanted = Object.entries(names).flatMap(([name, releases]) =>
    majorsOf(releases).map((major) => `${name} ${major}`),
  )
  expect(wanted.filter((name) => !head.some((column) => column.replace(/ \|$/, '') === name))).toEqual([])
})

test.each([
  ['mongodb', versions.MONGODB['7.9']],
  ['mongodb6', versions.MONGODB['6.22']],
  ['mongodb5', versions.MONGODB['5.9']],
  ['mongodb4', versions.MONGODB['4.17']],
  ['mongoose', versions.MONGOOSE['9.12']],
  ['mongoose8', versions.MONGOOSE['8.24']],
  ['mongoose7', versions.MONGOOSE['7.8']],
  ['mongoose6', versions.MONGOOSE['6.13']],
  ['vitest', versions.VITEST['4.1']],
  ['jest', versions.JEST['30']],
  ['mocha', versions.MOCHA['11.8']],
  ['chai', versions.CHAI['6']],
  ['typescript', versions.TYPESCRIPT['5.9']],
])('what is installed here as %s is the tested %s', (name, version) => {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`)
  expect((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version).toBe(version)
})

/** Made up, or no version of what is tested. */
const FREE = [
  'test/versions',
  'test/unit/',
  'test/cli/',
  'test/running/',
  'test/verdicts/construct',
  'test/verdicts/layouts',
  'test/support/',
]

test('no other file of the tests names a release', () => {
  const all = readdirSync(new URL('test', ROOT), { recursive: true, encoding: 'utf8' }).map((file) => `test/${file}`)
  const files = all.filter((file) => file.endsWith('.ts') && !FREE.some((free) => file.startsWith(free)))
  const found = files.flatMap((file) => {
    const releases = read(file).match(/(?<=['"`@])\d+\.\d+\.\d+(?=['"`])/g) ?? []
    return releases.map((release) => `${file}: ${release}`)
  })
  expect(found).toEqual([])
})

function listed(names: readonly unknown[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
