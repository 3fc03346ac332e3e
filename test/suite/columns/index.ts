import type { Column } from './column.ts'
import { jestColumns } from './jest.ts'
import { mochaColumns } from './mocha.ts'
import { nodeTestColumns } from './node-test.ts'
import { vitestColumns } from './vitest.ts'

/** Every run of the shared suite. Those of one name have to agree, and make one column of the table. */
export const columns: Column[] = [...vitestColumns, ...jestColumns, ...mochaColumns, ...nodeTestColumns]
