// @ts-check
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { withLock } from '../fixtures/server/cache.mjs'

const run = promisify(execFile)
const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const CACHE = path.join(ROOT, '.cache', 'sandboxes')

/**
 * A project of its own with exactly these packages, outside this package's node_modules: other majors of a runner or
 * a driver, as a user would have them. Installed once for each set of versions, then reused. `cursorleak` in it is the
 * packed tarball's content, renewed at every call.
 * @param {Record<string, string>} dependencies name to exact version
 * @param {{ files?: string, name?: string }} [options] `files`: a folder whose content is copied in;
 *   `name`: tells apart two projects with the same packages
 * @returns {Promise<string>} the project's folder
 */
export async function sandbox(dependencies, { files, name = '' } = {}) {
  const packages = await packagesFolder(dependencies)
  const folder = path.join(`${packages}-projects`, name || 'default')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  if (files) await cp(files, folder, { recursive: true, filter: (source) => !source.endsWith('node_modules') })
  await cp(path.join(packages, 'package.json'), path.join(folder, 'package.json'))
  await symlink(path.join(packages, 'node_modules'), path.join(folder, 'node_modules'), 'dir')
  return folder
}

/**
 * The packages of {@link sandbox} alone, for what is not a project: a binary, a driver. Every caller gets the same
 * folder, and none renews it under another that is using it.
 * @param {Record<string, string>} dependencies name to exact version
 * @returns {Promise<string>} the folder that has `node_modules`
 */
export async function packagesFolder(dependencies) {
  const key = createHash('sha256')
    .update(JSON.stringify([dependencies]))
    .digest('hex')
    .slice(0, 12)
  const packages = path.join(CACHE, key)
  await mkdir(CACHE, { recursive: true })
  // Test files run at the same time, and two may want the same packages.
  await withLock(`${packages}.lock`, async () => {
    if (!existsSync(path.join(packages, 'node_modules'))) await install(packages, dependencies)
    await installPacked(packages)
  })
  return packages
}

/**
 * The binary of another Node, as the npm package of that name brings it.
 * @param {string} version
 */
export const nodeBinary = async (version) =>
  path.join(await packagesFolder({ node: version }), 'node_modules', 'node', 'bin', 'node')

/**
 * Installs into a folder beside and renames it, so that a run that was interrupted leaves nothing half done.
 * @param {string} target
 * @param {Record<string, string>} dependencies
 */
async function install(target, dependencies) {
  const partial = `${target}.${process.pid}.partial`
  await mkdir(partial, { recursive: true })
  await writeFile(
    path.join(partial, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }, null, 2),
  )
  await run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error', '--legacy-peer-deps'],
    // A package that would download a mongod is given another server.
    { cwd: partial, env: { ...process.env, MONGOMS_DISABLE_POSTINSTALL: '1' } },
  )
  await rename(partial, target).catch(async (error) => {
    // Another process was faster: its folder is as good.
    if (!existsSync(target)) throw error
    await rm(partial, { recursive: true, force: true })
  })
}

/** @type {Promise<string> | undefined} Of this process: what it tests is built before it starts. */
let stamped

/**
 * What `npm pack` would put into the tarball, laid where npm would put it. Left alone when it is there already: another
 * run may be using it.
 * @param {string} project
 */
async function installPacked(project) {
  const target = path.join(project, 'node_modules', 'cursorleak')
  const manifest = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'))
  const parts = ['package.json', ...manifest.files]
  stamped ??= contentHash(parts)
  const stamp = await stamped
  if (existsSync(path.join(target, `.${stamp}`))) return
  const partial = `${target}.${process.pid}.partial`
  await mkdir(partial, { recursive: true })
  for (const part of parts) await cp(path.join(ROOT, part), path.join(partial, part), { recursive: true })
  await writeFile(path.join(partial, `.${stamp}`), '')
  await rm(target, { recursive: true, force: true })
  await rename(partial, target)
  for (const dependency of Object.keys(manifest.dependencies)) await link(project, dependency)
}

/** @param {string[]} parts files and folders below the root */
async function contentHash(parts) {
  const hash = createHash('sha256')
  for (const part of parts) {
    const full = path.join(ROOT, part)
    const inner = (await stat(full)).isDirectory() ? await readdir(full, { recursive: true, withFileTypes: true }) : []
    const files = inner.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
    for (const file of inner.length > 0 ? files.sort() : [full]) hash.update(file).update(await readFile(file))
  }
  return hash.digest('hex').slice(0, 12)
}

/**
 * @param {string} project
 * @param {string} dependency
 */
async function link(project, dependency) {
  const target = path.join(project, 'node_modules', dependency)
  if (!existsSync(target)) await symlink(path.join(ROOT, 'node_modules', dependency), target, 'dir')
}
