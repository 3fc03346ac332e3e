import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { run } from '../support/run.ts'

export interface Setting {
  moduleResolution: 'node10' | 'node16' | 'bundler'
  skipLibCheck: boolean
  /** The packages of global types. */
  types?: string[]
  esModuleInterop?: boolean
  /** What TypeScript 6 asks for where `moduleResolution` is node10. */
  ignoreDeprecations?: string
}

const MODULE = { node10: 'ES2022', node16: 'Node16', bundler: 'ES2022' }

/** Compiles files of a project, and returns what the compiler says of them and of our own declarations. */
export async function compile(project: string, tsc: string, files: string[], setting: Setting): Promise<string> {
  const config = path.join(project, `tsconfig.${files.join('.')}.${Object.values(setting).flat().join('.')}.json`)
  const compilerOptions = {
    types: ['node'],
    esModuleInterop: true,
    ...setting,
    module: MODULE[setting.moduleResolution],
    target: 'ES2022',
    lib: ['ES2023', 'ESNext.Disposable', 'DOM'],
    strict: true,
    noEmit: true,
  }
  writeFileSync(config, JSON.stringify({ compilerOptions, files }))
  try {
    const args = [tsc, '-p', config, '--pretty', 'false']
    const { code, stdout, stderr } = await run(process.execPath, args, { cwd: project })
    const text = stripVTControlCharacters(`${stdout}${stderr}`)
    if (code !== 0 && !text.includes('error TS')) return `tsc ended with ${code}: ${text}`
    // Declarations of the runners do not compile in every setting by themselves: theirs are not ours to judge.
    return text
      .split('\n')
      .filter((line) => /^(?!.*node_modules\/(?!cursorleak\/|\.pnpm\/)).*error TS/.test(line))
      .join('\n')
  } finally {
    rmSync(config)
  }
}
