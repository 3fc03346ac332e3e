import { describe } from 'vitest'
import { clientsOf } from './clients.ts'
import { majors } from './majors.ts'

describe.each(majors)('mongoose %i', (major, mongoose) => {
  clientsOf(mongoose, major)
})
