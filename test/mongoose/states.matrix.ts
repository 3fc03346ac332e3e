import { describe } from 'vitest'
import { majors } from './majors.ts'
import { otherStates } from './states.ts'

describe.each(majors)('mongoose %i', (major, mongoose) => {
  otherStates(mongoose, major)
})
