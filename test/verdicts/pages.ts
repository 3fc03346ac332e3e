import { groups as ofMongoose } from '../mongoose/constructs.ts'
import { constructs, groups } from './constructs/index.ts'
import { kindGroups } from './constructs/kinds.ts'
import { SUBSET } from './subset.ts'
import { intro, type Part, tables } from './table.ts'

const driverParts: Part[] = groups.map(({ title, constructs }) => ({ title, rows: constructs }))
const mongooseParts: Part[] = ofMongoose.map(({ title, constructs }) => ({
  title,
  rows: constructs.map(({ name }) => ({ id: name, title: name })),
}))
const kindParts: Part[] = kindGroups.map(({ title, kinds }) => ({ title, rows: kinds }))
/** All of the rows are run; the page shows the main ones. */
const layoutParts: Part[] = [
  { title: 'Ways of loading the driver', rows: constructs.filter(({ id }) => SUBSET.has(id)) },
]

const join = (...parts: string[]): string => `${parts.join('\n\n')}\n`

/** The pages of docs/ that runs write. */
export const pages: Record<string, () => string> = {
  'verdicts.md': () => join(intro('verdicts'), ...tables('columns', driverParts)),
  'verdicts-mongoose.md': () => join(intro('mongoose'), ...tables('mongoose', mongooseParts)),
  'verdicts-kinds.md': () => join(intro('kinds'), ...tables('kinds', kindParts), ...tables('layouts', layoutParts)),
}
