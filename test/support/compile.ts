import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

/**
 * Compiles a folder of TypeScript file by file, with source maps, as a project does that runs its tests from a build:
 * `.ts` becomes `.js`, in the module format asked for, and everything else is copied. The sources are left out: where a
 * stack names one, it was mapped.
 */
export function compile(source: string, target: string, format: 'esm' | 'cjs'): void {
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath.includes('node_modules')) continue
    const from = path.join(entry.parentPath, entry.name)
    const to = path.join(target, path.relative(source, from))
    mkdirSync(path.dirname(to), { recursive: true })
    if (entry.name.endsWith('.ts')) compileFile(from, to.replace(/\.ts$/, '.js'), format)
    else cpSync(from, to)
  }
  writeFileSync(path.join(target, 'package.json'), JSON.stringify({ type: format === 'esm' ? 'module' : 'commonjs' }))
}

function compileFile(from: string, to: string, format: 'esm' | 'cjs'): void {
  const { outputText, sourceMapText } = ts.transpileModule(readFileSync(from, 'utf8'), {
    fileName: from,
    compilerOptions: {
      module: format === 'esm' ? ts.ModuleKind.ES2022 : ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      sourceMap: true,
      inlineSources: true,
      rewriteRelativeImportExtensions: true,
      verbatimModuleSyntax: false,
    },
  })
  writeFileSync(to, outputText)
  if (sourceMapText) {
    // Beside the compiled file, as if the source had been there.
    const map = JSON.parse(sourceMapText) as { sources: string[] }
    writeFileSync(`${to}.map`, JSON.stringify({ ...map, sources: [path.basename(from)] }))
  }
}

/** Makes `cursorleak` importable from a folder inside this repository that has a package.json of its own. */
export function linkSelf(folder: string): void {
  const link = path.join(folder, 'node_modules', 'cursorleak')
  if (existsSync(link)) return
  mkdirSync(path.dirname(link), { recursive: true })
  symlinkSync(path.resolve(import.meta.dirname, '../..'), link, 'dir')
}
