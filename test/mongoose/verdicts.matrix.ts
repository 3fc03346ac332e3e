import { describe } from 'vitest'
import { majors } from './majors.ts'
import { everyConstruct } from './suite.ts'

describe.each(majors)('mongoose %i', (major, mongoose, version) => {
  everyConstruct(mongoose, major, { version })
})
