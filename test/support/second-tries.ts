import type { Reporter, TestCase } from 'vitest/node'

/** Names, at the end of a run, the tests that failed once: a race that is passed over has to be seen. */
export class SecondTries implements Reporter {
  readonly #names: string[] = []

  onTestCaseResult(test: TestCase): void {
    if ((test.diagnostic()?.retryCount ?? 0) > 0) {
      this.#names.push(`${test.module.relativeModuleId} > ${test.fullName}: ${test.result().state} at its second try`)
    }
  }

  onTestRunEnd(): void {
    for (const name of this.#names) process.stderr.write(`cursorleak: ${name}\n`)
    process.stderr.write(`cursorleak: tests that were tried twice: ${this.#names.length}\n`)
  }
}
