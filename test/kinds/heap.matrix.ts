import { heapSuite } from './heap-suite.ts'

// As many as fit into a matrix: some hundred cursors a second on a busy machine.
heapSuite(10_000, 100, 600_000)
