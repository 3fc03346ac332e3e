import { describe } from 'vitest'
import { majors } from './majors.ts'
import { everyConstruct } from './suite.ts'

// The first column first: the others are stored where they differ from it.
describe.each([...majors].reverse())('mongoose %i', (major, mongoose, version) => {
  everyConstruct(mongoose, major, { version })
})
