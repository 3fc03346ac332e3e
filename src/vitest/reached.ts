import type { Reached } from '../report/reach.ts'
import type { LeakMeta } from './meta.ts'
import { decodeOptions, type EncodedOptions, PROVIDED } from './plugin-options.ts'
import { type Project, type Vitest, whyOff } from './projects.ts'

const REMEDY = 'cursorleak/vitest did not run there; it belongs in `setupFiles`'

/** What is used of Vitest's reported tasks (3 and later). */
export interface ReportedModule {
  readonly children: { allTests(): Iterable<{ meta(): object; result?(): { state?: string } | undefined }> }
  readonly moduleId?: string
  readonly project?: Project
  /** From Vitest 3.2 on. */
  meta?(): object
  readonly task?: { readonly meta: object; readonly pool?: string }
}

export const metaOf = (module: ReportedModule): LeakMeta => module.meta?.() ?? module.task?.meta ?? {}

/** What of each project the run has checked: a checked file has our numbers in its meta data. */
export function reachedBy(modules: ReadonlyArray<ReportedModule>, vitest: Vitest | undefined): Reached[] {
  const found = new Map<Project | undefined, Reached>()
  for (const module of modules) {
    // A file of types is no test file, though it is reported like one.
    if (module.task?.pool === 'typescript') continue
    const { project } = module
    const reached = found.get(project) ?? {
      name: project?.name ?? '',
      checked: 0,
      missed: [],
      blinded: [],
      remedy: REMEDY,
      off: project && whyUnchecked(project, vitest),
    }
    found.set(project, reached)
    const { cursorleak } = metaOf(module)
    const file = module.moduleId ?? ''
    if (cursorleak?.blind) reached.blinded.push(file)
    else if (cursorleak) reached.checked++
    else if (!reached.off && hasRun(module)) reached.missed.push(file)
  }
  return [...found.values()]
}

/** A file of which no test ran has nothing to check, and says itself what it failed with. */
const hasRun = ({ children }: ReportedModule): boolean =>
  [...children.allTests()].some((test) => ['passed', 'failed'].includes(test.result?.()?.state ?? ''))

function whyUnchecked(project: Project, vitest: Vitest | undefined): string | undefined {
  const off = vitest && whyOff(project.config, vitest.config)
  if (off) return off
  const { CURSORLEAK } = process.env
  if (CURSORLEAK === 'off') return 'CURSORLEAK=off'
  // The environment wins over the plugin's options.
  if (CURSORLEAK) return undefined
  const encoded = project.getProvidedContext?.()[PROVIDED] as EncodedOptions | undefined
  return decodeOptions(encoded).enabled === false ? '`enabled: false`' : undefined
}
