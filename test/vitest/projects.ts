import { type Run, run } from '../support/run.ts'

/** Two projects with configurations of their own, each with a test that leaks in each of two files. */
export const FILES: Record<string, string> = {
  'vitest.config.mjs': `
import cursorleak from 'cursorleak/vitest/plugin'
const set = JSON.parse(process.env.SET ?? '{}')
export default {
  plugins: set.plugin ? [cursorleak(set.options)] : [],
  test: {
    projects: ['packages/*'],
    ...(set.setup ? { setupFiles: ['cursorleak/vitest'] } : {}),
    ...(set.reporter ? { reporters: ['default', 'cursorleak/vitest/reporter'] } : {}),
  },
}
`,
  'leaks.mjs': `
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, test } from 'vitest'

export function leaks(name) {
  const client = new MongoClient(process.env.MONGODB_URI)
  const things = client.db('cursorleak_projects').collection(name)
  beforeAll(() => things.insertMany(Array.from({ length: 200 }, (_, n) => ({ n }))))
  afterAll(() => things.drop().then(() => client.close()))
  test('leaks', async () => void (await things.find().next()))
  test('reads all', async () => void (await things.find().toArray()))
}
`,
  ...one('orders'),
  ...one(
    'users',
    "plugins: process.env.OFF ? [(await import('cursorleak/vitest/plugin')).default({ enabled: false })] : [],",
  ),
}

function one(name: string, more = ''): Record<string, string> {
  return {
    [`packages/${name}/vitest.config.mjs`]: `export default { ${more} test: { name: '${name}', setupFiles: ['./setup.mjs'] } }`,
    [`packages/${name}/setup.mjs`]: '',
    [`packages/${name}/a.test.mjs`]: `import { leaks } from '../../leaks.mjs'\nleaks('${name}_a')`,
    [`packages/${name}/b.test.mjs`]: `import { leaks } from '../../leaks.mjs'\nleaks('${name}_b')`,
  }
}

export interface Reach {
  /** Full names of what failed, such as `|orders| packages/orders/a.test.mjs > leaks`. */
  failed: string[]
  /** The last lines of ours. */
  summary: string[]
  output: string
}

/** Runs them with our lines at the root only. */
export async function reach(
  cwd: string,
  set: object,
  args: string[],
  env: NodeJS.ProcessEnv,
  node = process.execPath,
): Promise<Reach> {
  const { stdout, stderr }: Run = await run(node, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    cwd,
    env: { ...env, SET: JSON.stringify(set) },
  })
  const failed = [...stdout.concat(stderr).matchAll(/^ FAIL +(.*)$/gm)].map(([, name = '']) => name.trim())
  const lines = stderr.split('\n')
  const start = lines.findIndex((line) => line.startsWith('cursorleak  '))
  const summary = start < 0 ? [] : lines.slice(start, lines.indexOf('', start))
  return {
    failed: [...new Set(failed)].map((name) => name.replace(/^\|?(\w+)\|? +(packages\/\w+\/)?/, '$1 ')).sort(),
    summary: summary.map((line) => line.replace(/\d+ ms/, '<time>')),
    output: `${stdout}\n${stderr}`,
  }
}
