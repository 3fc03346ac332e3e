import { describe } from 'vitest'
import { phase } from '../support/phase.ts'
import { oldest } from '../verdicts/columns.ts'
import { OLDEST_MONGODB } from '../versions.ts'
import { found } from './found.ts'
import { modelTest } from './model.ts'

const PROGRAMS = phase === 'nightly' ? 500 : 100

describe.each(OLDEST_MONGODB)('driver %s', (name) => modelTest(name, () => oldest(name), PROGRAMS, found))
