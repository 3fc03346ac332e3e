import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { jestSandbox } from '../suite/columns/jest.ts'
import { NAMED, NAMES, namesOf } from '../support/names.ts'
import { storedIn } from '../support/stored.ts'
import { jest } from './jest.ts'

const stored = storedIn(fileURLToPath(new URL('outputs', import.meta.url)), ['30', '29', '28'])

describe.each(['30', '29', '28'] as const)('Jest %s', (major) => {
  let folder = ''
  beforeAll(async () => {
    folder = await jestSandbox(major, 'names', NAMES)
  })

  test.each(['babel', 'swc', 'ts-jest'])("the names of the user's functions: %s", async (transform) => {
    const bin = path.join(path.dirname(createRequire(`${folder}/`).resolve('jest/package.json')), 'bin/jest.js')
    const env = { MONGODB_URI: inject('mongoUri'), NAMES_TRANSFORM: transform }
    expect(await namesOf([bin, '--ci', 'jest/names'], folder, env)).toEqual(NAMED)
  })

  // The same text with both: Jest's default, and the fast one.
  test.each(['babel', 'swc'])('the whole output: %s', async (transform) => {
    const found = await jest({
      uri: inject('mongoUri'),
      folder,
      args: ['jest/leak'],
      env: { NAMES_TRANSFORM: transform },
    })
    // Jest itself reads a path only up to its first parenthesis, and makes the rest relative to nothing.
    await stored(found.replace(/\)(\.\.\/)+orders/g, ')/orders'), major, 'names.txt')
  })
})
