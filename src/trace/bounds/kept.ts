import { isPlain } from '../fields.ts'

type IsKept = (field: string) => boolean

const top = (path: unknown): string => String(path).split('.', 1)[0] ?? ''

const others = (changed: readonly unknown[]): IsKept => {
  const names = new Set(changed.map(top))
  return (field) => !names.has(top(field))
}

const keys = (value: unknown): string[] => (isPlain(value) ? Object.keys(value) : [])
const option = (argument: unknown, name: string): unknown => (isPlain(argument) ? argument[name] : undefined)

/** Stages that change the fields they name, and leave each document's others as they are. */
const KEEPS: Record<string, (argument: unknown) => IsKept> = {
  $addFields: (argument) => others(keys(argument)),
  $fill: (argument) => others(keys(option(argument, 'output'))),
  $geoNear: (argument) => others([option(argument, 'distanceField'), option(argument, 'includeLocs')]),
  $graphLookup: (argument) => others([option(argument, 'as')]),
  $lookup: (argument) => others([option(argument, 'as')]),
  $project: ofProject,
  $set: (argument) => others(keys(argument)),
  $setWindowFields: (argument) => others(keys(option(argument, 'output'))),
  $unset: (argument) => others([argument].flat()),
}

/** Which fields are still the collection's own behind a stage that gives other documents. */
export const keptBy = (stage: string, argument: unknown): IsKept => KEEPS[stage]?.(argument) ?? (() => false)

/** `_id` stays unless it is named; the others by their own kind: those that are taken, or those that are not left out. */
function ofProject(argument: unknown): IsKept {
  const given = Object.entries(isPlain(argument) ? argument : {})
  const isOut = ([, value]: [string, unknown]): boolean => value === 0 || value === false
  const named = given.filter(([name]) => name !== '_id')
  const leavesOut = named.length > 0 ? named.every(isOut) : given.every(isOut)
  if (leavesOut) return others(given.map(([name]) => name))
  const taken = new Set(given.filter(([, value]) => value === 1 || value === true).map(([name]) => name))
  if (!given.some(([name]) => name === '_id')) taken.add('_id')
  return (field) => taken.has(field) || taken.has(top(field))
}
