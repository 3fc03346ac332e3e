import { describe } from 'vitest'
import { phase } from '../support/phase.ts'
import { oldest } from '../verdicts/columns.ts'
import { found } from './found.ts'
import { modelTest } from './model.ts'

const PROGRAMS = phase === 'nightly' ? 500 : 100

describe.each(['4.0', '5.0', '6.0', '7.0'] as const)('driver %s', (name) =>
  modelTest(name, () => oldest(`${name}.0`), PROGRAMS, found),
)
