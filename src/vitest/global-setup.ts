import type { Vitest } from './projects.ts'
import CursorLeakReporter, { isOurs } from './reporter.ts'

/**
 * Called by Vitest before any test, for the configuration that names it: the plugin's way to the projects where it stands
 * in a root that runs no test itself. Vitest 2 hands over no project, and has no reporter of ours.
 */
export default function setup(project: { vitest?: Vitest } | undefined): void {
  const vitest = project?.vitest
  if (!Array.isArray(vitest?.reporters)) return
  if (vitest.reporters.some(isOurs)) return
  const reporter = new CursorLeakReporter()
  vitest.reporters.push(reporter)
  reporter.onInit(vitest)
}
