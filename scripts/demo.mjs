// @ts-check
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pc from 'picocolors'
import { startServer } from '../fixtures/server/index.mjs'
import { readExpected } from './demo/expected.mjs'
import { judge } from './demo/verdict.mjs'
import { runVitest } from './demo/vitest.mjs'

const shop = new URL('../fixtures/shop/', import.meta.url)

async function main() {
  parseArgs() // knows no option: a mistyped one is an error
  const expected = await readExpected(shop, fileURLToPath(new URL('src', shop)))
  const server = await startServer()
  try {
    console.log(`${server.line}\n`)
    const { report, ms } = await runVitest(fileURLToPath(shop), server.uri)
    const lines = judge(report, expected)
    console.log(`\nExpected: ${expected.length} tests fail, each at the line that created its cursor, and no other.`)
    for (const { ok, text } of lines) console.log(ok ? `${pc.green('✓')} ${text}` : `${pc.red('✗')} ${text}`)
    const wrong = lines.filter((line) => !line.ok).length
    const verdict = wrong === 0 ? pc.green('All as expected') : pc.red(`${wrong} not as expected`)
    console.log(`${verdict}; Vitest took ${(ms / 1000).toFixed(1)} s.\n${server.line}`)
    return wrong === 0
  } finally {
    await server.stop()
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(pc.red(error instanceof Error ? error.message : String(error)))
  process.exitCode = 1
}
