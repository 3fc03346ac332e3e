import { expect, inject, test } from 'vitest'
import { HERE } from '../suite/columns/vitest.ts'
import { SUITE } from '../support/suite.ts'
import { suiteIn, wrong } from './suite.ts'

test('the suite with what only Vitest can express, installed here: as it says', async () => {
  const { found, output } = await suiteIn({ bin: HERE, cwd: SUITE, uri: inject('mongoUri') })
  expect(found.map(wrong), output).toEqual([[]])
})
