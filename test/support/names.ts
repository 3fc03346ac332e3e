import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Run, run } from './run.ts'

/** A project with a function of each way to write one, in a folder whose name has parentheses. */
export const NAMES = fileURLToPath(new URL('../../fixtures/names', import.meta.url))

/** What each of its functions is called, and its line, whatever compiled and ran it. */
export const NAMED: Readonly<Record<string, string>> = {
  declared: 'declared:10',
  'declared, by the namespace': 'declared:10',
  later: 'later:15',
  arrow: 'arrow:18',
  'arrow, by the namespace': 'arrow:18',
  'method of an object': 'method:22',
  'arrow of an object': 'arrow:24',
  static: 'all:29',
  method: 'Orders.list:32',
  getter: 'Orders.get open:35',
  private: 'Orders.#hidden:38',
  field: 'Orders.bound:43',
  inherited: 'VipOrders.list:32',
  constructor: 'new Reader:51',
  callback: '<anonymous>:55',
  default: 'byDefault:58',
}

/** Runs a command in a copy of the project, which writes the table of names that it sees. */
export async function namesOf(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-names-'))
  const file = path.join(folder, 'names.json')
  const ended = await run(process.execPath, args, { cwd, env: { ...env, NAMES_FILE: file } })
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new Error(said(ended))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const said = ({ stdout, stderr }: Run): string => `it ended without a table:\n${stdout}\n${stderr}`
