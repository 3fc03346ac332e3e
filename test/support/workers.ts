import { availableParallelism } from 'node:os'

/** Two at least: a file waits half of its time for programs that it starts, and Vitest's own choice leaves a core idle. */
export const workers: number = Math.max(2, availableParallelism() - 1)
