import { describe } from 'vitest'
import { phase } from '../support/phase.ts'
import { newest } from '../verdicts/columns.ts'
import { found } from './found.ts'
import { modelTest } from './model.ts'

const PROGRAMS = { test: 100, matrix: 200, nightly: 2_000 }[phase]
const drivers = Object.entries(newest).filter(([name]) => phase !== 'test' || name === '7.9')

describe.each(drivers)('driver %s', (name, driver) => modelTest(name, driver, PROGRAMS, found))
