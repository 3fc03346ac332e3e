import { beforeAll, describe } from 'vitest'
import { nodeBinary, sandbox } from '../../scripts/sandbox.mjs'
import { write } from '../support/project.ts'
import { DRIVER, NODE, beside as packages, VITEST } from '../versions.ts'
import { FILES } from './projects.ts'
import { projectsOf } from './projects-suite.ts'

describe.each(['3.2', '5.1'] as const)('Vitest %s', (version) => {
  let cwd: string
  let node: string
  beforeAll(async () => {
    const vitest = { vitest: VITEST[version], ...(version === '5.1' ? packages('vite') : {}) }
    cwd = await sandbox({ ...vitest, ...DRIVER }, { name: 'projects' })
    write(cwd, FILES)
    node = await nodeBinary(NODE['24'])
  })

  projectsOf(() => ({ cwd, node }))
})
