import { describe } from 'vitest'
import { phase } from '../support/phase.ts'
import { newest } from '../verdicts/columns.ts'
import { found } from './found.ts'
import { modelTest } from './model.ts'

const PROGRAMS = phase === 'nightly' ? 2_000 : 200

describe.each(Object.entries(newest))('driver %s', (name, driver) => modelTest(name, driver, PROGRAMS, found))
