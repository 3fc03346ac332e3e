import { ask, fileOf, NoAnswer } from './ask.ts'
import { entriesOf } from './entry.ts'
import type { Judged } from './judge.ts'
import type { Run } from './runs.ts'

/** What is used of what `jest --showConfig` prints, the same in Jest 27 to 30. */
interface Shown {
  configs: {
    displayName?: { name?: string } | string
    rootDir: string
    setupFiles?: string[]
    setupFilesAfterEnv?: string[]
  }[]
}

/** Asks Jest what it resolves: presets, projects and all. */
export async function judgeJest({ args, folder, env }: Run): Promise<Judged[]> {
  const printed = await ask([fileOf('jest', 'bin/jest.js', folder), '--showConfig', ...args], folder, { env })
  const { configs } = parse(printed)
  return configs.map(({ displayName, rootDir, setupFiles = [], setupFilesAfterEnv = [] }) => {
    const name = typeof displayName === 'string' ? displayName : displayName?.name
    const before = entriesOf(setupFiles, rootDir)
    const after = entriesOf(setupFilesAfterEnv, rootDir)
    return {
      project: configs.length > 1 ? (name ?? rootDir) : undefined,
      roots: [rootDir],
      ...(after.includes('cursorleak/jest') ? { by: 'cursorleak/jest' } : { why: why() }),
    }

    function why(): string {
      if (before.includes('cursorleak/jest'))
        return '`cursorleak/jest` belongs in `setupFilesAfterEnv`, not in `setupFiles`'
      const [other] = [...before, ...after]
      if (other) return `\`${other}\` checks no test of Jest: list \`cursorleak/jest\` in \`setupFilesAfterEnv\``
      return 'no `cursorleak/jest` in its `setupFilesAfterEnv`'
    }
  })
}

/** A configuration may print lines of its own in front. */
function parse(printed: string): Shown {
  const start = printed.search(/^\{$/m)
  try {
    return JSON.parse(printed.slice(start)) as Shown
  } catch {
    throw new NoAnswer('its --showConfig prints no JSON')
  }
}
