/** Set by a reporter of ours before workers start: it tells at the end of the run what was only warned about. */
export const REPORTER = 'CURSORLEAK_REPORTER'

/**
 * Where workers leave what they find for the reporter of ours, which lives in the main process. Set by it: each is the path
 * of a file, in a folder that all workers of the run know.
 */
export const JEST_NOTES = 'CURSORLEAK_JEST_NOTES'
export const VITEST_NOTES = 'CURSORLEAK_VITEST_NOTES'

/** Whether a reporter of ours collects the findings of all workers. */
export const isReported = (): boolean => process.env[REPORTER] !== undefined
