/** Set by a reporter of ours before workers start: it tells at the end of the run what was only warned about. */
export const REPORTER = 'CURSORLEAK_REPORTER'

/** Whether a reporter of ours collects the findings of all workers. */
export const isReported = (): boolean => process.env[REPORTER] !== undefined
