import path from 'node:path'
import { beforeAll, describe } from 'vitest'
import { sandbox } from '../../scripts/sandbox.mjs'
import { write } from '../support/project.ts'
import { NODE } from './cells.ts'
import { FILES } from './projects.ts'
import { projectsOf } from './projects-suite.ts'

const VERSIONS: Record<string, Record<string, string>> = {
  '3.2': { vitest: '3.2.7' },
  '5.1': { vitest: '5.1.1', vite: '8.3.8' },
}

describe.each(Object.entries(VERSIONS))('Vitest %s', (_version, packages) => {
  let cwd: string
  let node: string
  beforeAll(async () => {
    cwd = await sandbox({ ...packages, mongodb: '7.9.0' }, { name: 'projects' })
    write(cwd, FILES)
    node = path.join(await sandbox({ node: NODE['24'] }), 'node_modules', 'node', 'bin', 'node')
  })

  projectsOf(() => ({ cwd, node }))
})
