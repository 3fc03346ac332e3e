import { matrix } from './vitest.matrix.config.ts'

/** Everything there is. */
export default matrix('nightly', '{matrix,both,nightly}')
