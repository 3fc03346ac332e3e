import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeFolder, newPlace, removeFolder } from '../../src/temporary.ts'

let parent = ''
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'cursorleak-temporary-'))
  vi.stubEnv('TMPDIR', parent)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(parent, { recursive: true, force: true })
})

/** No process has this id: the greatest that Linux gives is below it. */
const GONE = 2 ** 22 + 1
const ID = '01234567-89ab-cdef-0123-456789abcdef'
const YESTERDAY = new Date(Date.now() - 25 * 60 * 60_000)

test('a place is nothing until it is made, and nothing once it is removed', () => {
  const folder = newPlace('jest')
  expect([path.dirname(folder), readdirSync(parent)]).toEqual([parent, []])
  makeFolder(folder)
  makeFolder(folder)
  writeFileSync(path.join(folder, 'notes'), '')
  expect(readdirSync(parent)).toEqual([path.basename(folder)])
  removeFolder(folder)
  removeFolder(folder)
  expect(readdirSync(parent)).toEqual([])
})

test('what a process left that died of a signal is swept: not what is young, somebody’s, or not ours', () => {
  const folder = (name: string, at = YESTERDAY) => {
    mkdirSync(path.join(parent, name))
    writeFileSync(path.join(parent, name, 'notes'), '')
    utimesSync(path.join(parent, name), at, at)
  }
  for (const purpose of ['baseline', 'jest', 'run', 'vitest']) folder(`cursorleak-${purpose}-${GONE}-${ID}`)
  const stays = [
    `cursorleak-jest-${GONE}-${ID.replace('0', 'f')}`,
    `cursorleak-jest-${process.pid}-${ID}`,
    `cursorleak-jest-1-${ID}`,
    `cursorleak-other-${GONE}-${ID}`,
    `cursorleak-jest-${GONE}-mine`,
    `my-cursorleak-jest-${GONE}-${ID}`,
  ]
  folder(stays[0] ?? '', new Date())
  for (const name of stays.slice(1)) folder(name)
  const linked = `cursorleak-vitest-${GONE}-${ID.replace('0', 'e')}`
  symlinkSync(parent, path.join(parent, linked))
  newPlace('run')
  expect(readdirSync(parent).sort()).toEqual([...stays, linked].sort())
})

test.each([
  ['that is not there', (at: string) => rmSync(at, { recursive: true }), 'ENOENT'],
  [
    'that is a file',
    (at: string) => {
      rmSync(at, { recursive: true })
      writeFileSync(at, '')
    },
    'ENOTDIR',
  ],
])('a temporary folder %s is said in one sentence', (_, make, code) => {
  make(parent)
  const sentence = `the temporary folder ${parent} can't be used (${code}): set TMPDIR to one that can be written`
  expect(() => newPlace('jest')).toThrow(sentence)
})
