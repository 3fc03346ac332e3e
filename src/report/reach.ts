import { printable } from './printable.ts'
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
  /** Test files that were not checked, and in which no use of the driver was found. */
  spared?: string[]
  /** What has to be done where the check did not run. */
  remedy: string
  /** Why nothing of it is checked: benchmarks, type checks, a browser, a setting. */
  off?: string | undefined
}

/** Test files that are named in a line. */
const NAMED = 3

/**
 * What of a run was not checked, a line each; empty where all was.
 * @param verbose names all files, and what was checked
 */
export function reachText(projects: readonly Reached[], verbose: boolean): string[] {
  return projects.flatMap((project) => {
    const { checked, missed, blinded, off, spared = [], remedy } = project
    const files = (list: readonly string[]): string => named(list, project, verbose)
    const lines: string[] = []
    if (missed.length > 0) lines.push(`not checked: ${files(missed)}: ${remedy}`)
    if (blinded.length > 0) {
      lines.push(`checked only in part: ${files(blinded)}: other code replaced EventEmitter.init`)
    }
    if (!verbose) return lines
    if (spared.length > 0) lines.push(`not checked, and no use of MongoDB found: ${files(spared)}`)
    if (off) lines.push(`off in ${of(project)}: ${off}`)
    else if (checked > 0) lines.push(`checked: ${count(checked)}${project.name && ` of ${of(project)}`}`)
    return lines
  })
}

function named(list: readonly string[], project: Reached, all: boolean): string {
  const paths = list.map((file) => printable(shortPath(file)))
  const shown = all || paths.length <= NAMED ? paths : [...paths.slice(0, NAMED), '…']
  return `${count(list.length)}${project.name && ` of ${of(project)}`} (${shown.join(', ')})`
}

const of = ({ name }: Reached): string => (name ? `the project ${printable(name)}` : 'this run')
const count = (number: number): string => `${number} test file${number === 1 ? '' : 's'}`
