import { ask, fileOf, NoAnswer } from './ask.ts'
import { entriesIn } from './entry.ts'
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
export async function judgeJest({ args }: Run, folder: string): Promise<Judged[]> {
  const printed = await ask([fileOf('jest', 'bin/jest.js', folder), '--showConfig', ...args], folder)
  const { configs } = parse(printed)
  return configs.map(({ displayName, rootDir, setupFiles = [], setupFilesAfterEnv = [] }) => {
    const name = typeof displayName === 'string' ? displayName : displayName?.name
    const has = (files: string[], entry: string): boolean => files.some((file) => entriesIn(file, rootDir).has(entry))
    return {
      project: configs.length > 1 ? (name ?? rootDir) : undefined,
      roots: [rootDir],
      ...(has(setupFilesAfterEnv, 'cursorleak/jest') ? { by: 'cursorleak/jest' } : { why: why() }),
    }

    function why(): string {
      if (has(setupFiles, 'cursorleak/jest'))
        return '`cursorleak/jest` belongs in `setupFilesAfterEnv`, not in `setupFiles`'
      const others = [...setupFiles, ...setupFilesAfterEnv].flatMap((file) => [...entriesIn(file, rootDir)])
      const other = others.find((entry) => entry.startsWith('cursorleak'))
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
