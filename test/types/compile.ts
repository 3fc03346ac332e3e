import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { run } from '../support/run.ts'

export interface Setting {
  moduleResolution: 'node10' | 'node16' | 'bundler'
  skipLibCheck: boolean
}

export const settings: Setting[] = (['node10', 'node16', 'bundler'] as const).flatMap((moduleResolution) =>
  [true, false].map((skipLibCheck) => ({ moduleResolution, skipLibCheck })),
)

const MODULE = { node10: 'ES2022', node16: 'Node16', bundler: 'ES2022' }

/** Compiles one file of a project, and returns what the compiler says of it and of our own declarations. */
export async function compile(project: string, tsc: string, file: string, setting: Setting): Promise<string> {
  const name = `tsconfig.${path.basename(file, '.ts')}.${setting.moduleResolution}.${setting.skipLibCheck}.json`
  const config = path.join(project, name)
  const compilerOptions = {
    ...setting,
    module: MODULE[setting.moduleResolution],
    target: 'ES2022',
    lib: ['ES2023', 'ESNext.Disposable', 'DOM'],
    strict: true,
    noEmit: true,
    types: ['node'],
  }
  writeFileSync(config, JSON.stringify({ compilerOptions, files: [file] }))
  try {
    const { stdout, stderr } = await run(process.execPath, [tsc, '-p', config, '--pretty', 'false'], { cwd: project })
    // Declarations of the runners do not compile in every setting by themselves: theirs are not ours to judge.
    const lines = stripVTControlCharacters(`${stdout}${stderr}`).split('\n')
    return lines.filter((line) => /^(?!.*node_modules\/(?!cursorleak\/)).*error TS/.test(line)).join('\n')
  } finally {
    rmSync(config)
  }
}
