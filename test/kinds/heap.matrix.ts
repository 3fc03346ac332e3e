import { heapSuite } from './heap-suite.ts'

// A thousand cursors a second on a busy machine: by far the longest of these tests.
heapSuite(100_000, 100, 1_200_000)
