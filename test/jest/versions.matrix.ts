import { beforeAll, describe } from 'vitest'
import { jestSandbox } from '../suite/columns/jest.ts'
import { behaviour, outputs } from './cases.ts'
import { FIXTURE } from './jest.ts'

describe.each(['28', '29', '30'])('Jest %s, in a project of its own', (major) => {
  let folder = ''
  beforeAll(async () => {
    folder = await jestSandbox(major, 'outputs', FIXTURE)
  })
  outputs(major, () => ({ folder }))
  behaviour(() => ({ folder }))
})
