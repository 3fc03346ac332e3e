import { heapSuite } from './heap-suite.ts'

heapSuite(700, 100, 60_000)
