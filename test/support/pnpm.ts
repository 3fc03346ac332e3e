import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packagesFolder } from '../../scripts/sandbox.mjs'
import { beside } from '../versions.ts'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

let tarball: Promise<string> | undefined

/** The tarball that a registry would get, packed once for all projects of this process. */
export const packed = (): Promise<string> => (tarball ??= pack())

async function pack(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cursorleak-pnpm-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT })
  const [name = ''] = await readdir(folder)
  return path.join(folder, name)
}

/**
 * A project that the real pnpm installed, with `cursorleak` from its packed tarball: a package sees only what it asks
 * for, and everything lies behind links into `node_modules/.pnpm`. Installed anew at each call, from a store of its own.
 * @param dependencies name to exact version
 * @param files a folder whose content is copied in
 */
export async function pnpmProject(dependencies: Record<string, string>, files: string, name: string): Promise<string> {
  const folder = path.join(ROOT, '.cache', 'pnpm', name)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await cp(files, folder, { recursive: true })

  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: { ...dependencies, cursorleak: `file:${await packed()}` },
    }),
  )
  const tool = path.join(await packagesFolder(beside('pnpm')), 'node_modules', 'pnpm', 'bin', 'pnpm.cjs')
  const store = path.join(ROOT, '.cache', 'pnpm-store')
  // A workspace of its own: this package's folder above is none of its business.
  const args = ['install', '--ignore-workspace', '--store-dir', store, '--reporter', 'append-only', '--no-lockfile']
  await run(process.execPath, [tool, ...args], { cwd: folder, env: { ...process.env, CI: '1' } })
  return folder
}

/** The version that this package's own development uses. */
export async function installed(name: string): Promise<string> {
  const manifest = await readFile(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
