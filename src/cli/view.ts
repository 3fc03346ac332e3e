import { printable } from '../report/printable.ts'
import { duration } from '../report/text.ts'
import type { Sample } from './sample.ts'

/** A command may name hundreds of fields, and a comment may hold anything. */
const WIDE = 160

const BARS = [...'▁▂▃▄▅▆▇█']

/** A row of bars, the highest value as the full one; from zero, so that a steady number looks steady. */
export function chart(values: ReadonlyArray<number | undefined>, width = 40): string {
  const shown = values.slice(-width)
  const top = Math.max(1, ...shown.map((value) => value ?? 0))
  return shown.map((value) => (value === undefined ? ' ' : BARS[Math.ceil((value / top) * 7)])).join('')
}

const text = (value: number | undefined): string => (value === undefined ? '?' : String(value))

/** How a number changed since the first sample: `+12`, or nothing. */
export function growth(first: number | undefined, last: number | undefined): string {
  if (first === undefined || last === undefined || last === first) return ''
  return last > first ? ` (+${last - first})` : ` (${last - first})`
}

/** One line an interval, for a log. */
export function line(first: Sample, sample: Sample): string {
  const { connections, cursors, at } = sample
  return [
    at.slice(11, 19),
    `connections ${text(connections)}${growth(first.connections, connections)}`,
    `cursors ${text(cursors.open)}${growth(first.cursors.open, cursors.open)}`,
    `pinned ${text(cursors.pinned)}, noTimeout ${text(cursors.noTimeout)}, timed out ${text(cursors.timedOut)}`,
  ].join('  ')
}

/** The whole view: numbers, charts over time, the oldest idle cursors. */
export function screen(hosts: string, samples: readonly Sample[]): string {
  const [first] = samples
  const last = samples.at(-1)
  if (!first || !last) return ''
  const row = (name: string, of: (sample: Sample) => number | undefined): string => {
    const value = `${text(of(last))}${growth(of(first), of(last))}`
    return `${name.padEnd(14)}${value.padEnd(14)}${chart(samples.map(of))}`
  }
  return [
    `cursorleak watch ${hosts}  ${last.at.slice(11, 19)}`,
    '',
    row('connections', (s) => s.connections),
    row('open cursors', (s) => s.cursors.open),
    `  pinned ${text(last.cursors.pinned)}, noTimeout ${text(last.cursors.noTimeout)}, timed out ${text(last.cursors.timedOut)}`,
    '',
    ...idleLines(last),
  ].join('\n')
}

function idleLines({ idle, idleOfUser, idleUnknown }: Sample): string[] {
  const whose = idleOfUser ? ' (of this user only)' : ''
  if (!idle) return [`idle cursors: the server does not list them (${printable(idleUnknown, WIDE)})`]
  if (idle.length === 0) return [`idle cursors${whose}: the server lists none`]
  const rows = idle.map(({ namespace, command, ageMs, idleMs, comment }) => {
    return `  ${duration(ageMs)} old, idle ${duration(idleMs)}  ${printable(namespace)}  ${printable(command, WIDE)}${comment ? `  "${printable(comment, WIDE)}"` : ''}`
  })
  return [`oldest idle cursors${whose}:`, ...rows]
}
