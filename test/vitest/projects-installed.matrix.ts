import { afterAll, beforeAll, describe } from 'vitest'
import { project, removeProjects } from '../support/project.ts'
import { FILES } from './projects.ts'
import { projectsOf } from './projects-suite.ts'

let cwd: string
beforeAll(() => {
  cwd = project(FILES, ['vitest', 'mongodb'])
})
afterAll(removeProjects)

describe('Vitest 4.1', () => projectsOf(() => ({ cwd })))
