import { shortPath } from './stack-location.ts'

/** What a run reached of one project. */
export interface Reached {
  /** Empty where there is only one. */
  name: string
  /** Test files that were checked. */
  checked: number
  /** Test files that ran and were not checked. */
  missed: string[]
  /** Test files in which the trace was not on any more at their end. */
  blinded: string[]
  /** Why nothing of it is checked: benchmarks, type checks, a browser, a setting. */
  off?: string | undefined
}

/** Test files that are named in a line. */
const NAMED = 3

/**
 * What of a run was not checked, a line each; empty where all was.
 * @param remedy what has to be done where the check did not run
 */
export function reachText(projects: readonly Reached[], remedy: string, verbose: boolean): string[] {
  return projects.flatMap((project) => {
    const { checked, missed, blinded, off } = project
    const lines: string[] = []
    if (missed.length > 0) lines.push(`not checked: ${files(missed, project)}: ${remedy}`)
    if (blinded.length > 0) {
      lines.push(`checked only in part: ${files(blinded, project)}: other code replaced EventEmitter.init`)
    }
    if (!verbose) return lines
    if (off) lines.push(`off in ${of(project)}: ${off}`)
    else if (checked > 0) lines.push(`checked: ${count(checked)}${project.name && ` of ${of(project)}`}`)
    return lines
  })
}

function files(list: readonly string[], project: Reached): string {
  const named = list.slice(0, NAMED).map((file) => shortPath(file))
  const more = list.length > NAMED ? ', …' : ''
  return `${count(list.length)}${project.name && ` of ${of(project)}`} (${named.join(', ')}${more})`
}

const of = ({ name }: Reached): string => (name ? `the project ${name}` : 'this run')
const count = (number: number): string => `${number} test file${number === 1 ? '' : 's'}`
