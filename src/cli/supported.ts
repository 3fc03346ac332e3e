/** Majors, from the least to the greatest. */
type Range = readonly [least: number, greatest: number]

/** What is supported: the peer ranges of package.json, and no more than what is tested. */
export const DRIVERS: Readonly<Record<string, Range>> = { mongodb: [4, 7], mongoose: [6, 9] }
export const RUNNERS: Readonly<Record<string, Range>> = { vitest: [2, 5], jest: [28, 30], mocha: [10, 12] }
/** Major and minor. */
export const LEAST_NODE: Range = [20, 19]
