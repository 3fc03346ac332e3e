/** One value of each axis. */
export type Row<Axes extends Record<string, readonly string[]>> = { [Axis in keyof Axes]: Axes[Axis][number] }

type Pair = readonly [axisA: string, valueA: string, axisB: string, valueB: string]

/**
 * Rows in which every value of every axis meets every value of every other axis at least once: most faults need two
 * settings to meet, seldom three, and the full product of a dozen axes is out of reach. Greedy, and always the same.
 * @param allowed tells of a row, also of one that is not full yet, whether it can exist
 */
export function pairwise<const Axes extends Record<string, readonly string[]>>(
  axes: Axes,
  allowed: (row: Partial<Row<Axes>>) => boolean = () => true,
): Row<Axes>[] {
  const isAllowed = (row: Record<string, string>): boolean => allowed(row as Partial<Row<Axes>>)
  const names = Object.keys(axes)
  const missing = new Map(allPairs(axes, isAllowed).map((pair) => [pair.join('\0'), pair]))
  const rows: Record<string, string>[] = []
  for (const [a, valueA, b, valueB] of missing.values()) {
    const row: Record<string, string> = { [a]: valueA, [b]: valueB }
    for (const name of names.filter((one) => !(one in row))) row[name] = best(row, name)
    for (const pair of pairsOf(row)) missing.delete(pair.join('\0'))
    // In the order of the axes, so that a table of rows reads well.
    rows.push(Object.fromEntries(names.map((name) => [name, row[name] ?? ''])))
  }
  return rows as Row<Axes>[]

  /** The value that meets most of what has not been met yet; of equal ones the least used. */
  function best(row: Record<string, string>, name: string): string {
    const candidates = (axes[name] ?? []).filter((value) => isAllowed({ ...row, [name]: value }))
    const scored = candidates.map((value) => {
      const news = pairsOf({ ...row, [name]: value }).filter((pair) => missing.has(pair.join('\0'))).length
      return { value, score: news - rows.filter((other) => other[name] === value).length / 1_000 }
    })
    const [first] = scored.sort((x, y) => y.score - x.score)
    if (!first) throw new Error(`pairwise: no value of ${name} fits ${JSON.stringify(row)}`)
    return first.value
  }
}

/** Of some rows as few as meet every value that any of them has. */
export function eachValue<R extends Record<string, string>>(rows: readonly R[]): R[] {
  const missing = new Set(rows.flatMap(valuesOf))
  const taken: R[] = []
  while (missing.size > 0) {
    const news = (row: R): number => valuesOf(row).filter((value) => missing.has(value)).length
    const best = rows.reduce((one, other) => (news(other) > news(one) ? other : one))
    taken.push(best)
    for (const value of valuesOf(best)) missing.delete(value)
  }
  return rows.filter((row) => taken.includes(row))
}

const valuesOf = (row: Record<string, string>): string[] => Object.entries(row).map((entry) => entry.join('\0'))

function allPairs(
  axes: Record<string, readonly string[]>,
  isAllowed: (row: Record<string, string>) => boolean,
): Pair[] {
  const names = Object.keys(axes)
  return names
    .flatMap((a, i) =>
      names
        .slice(i + 1)
        .flatMap((b) =>
          (axes[a] ?? []).flatMap((valueA) => (axes[b] ?? []).map((valueB) => [a, valueA, b, valueB] as const)),
        ),
    )
    .filter(([a, valueA, b, valueB]) => isAllowed({ [a]: valueA, [b]: valueB }))
}

/** In one order, whatever the order in which the row was filled. */
function pairsOf(row: Record<string, string>): Pair[] {
  const entries = Object.entries(row)
  return entries.flatMap(([a, valueA], i) =>
    entries.slice(i + 1).flatMap(([b, valueB]): Pair[] => [
      [a, valueA, b, valueB],
      [b, valueB, a, valueA],
    ]),
  )
}
