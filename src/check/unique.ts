import { within } from '../clock.ts'
import { errorText, sayOnce } from '../say.ts'
import { state } from '../state.ts'
import { coversUnique, fieldsOf } from '../trace/bounds/unique.ts'
import { hostsOf } from '../trace/resources/client.ts'
import type { IndexKey, UniqueQuestion } from '../trace/resources/resource.ts'
import type { Suspect } from './judge.ts'

/** Index lists by client and namespace: asked once, only before accusing. */
const known = new WeakMap<object, Map<string, Promise<IndexKey[] | undefined>>>()
/** Unique indexes that any client of this run has listed, by hosts and namespace: a client per test asks once. */
const listed = new Map<string, IndexKey[]>()
const MAX_LISTED = 1_000
const ASK_MS = 2_000
const NAMESPACE_NOT_FOUND = 26

/**
 * Acquits suspects whose filter fixes a whole unique index: such a result can't outlive the first batch. That is final,
 * until the cursor is used again. Where the indexes can't be listed (no rights, client closed) the suspect is only warned
 * about.
 */
export async function withoutUnique(list: Suspect[]): Promise<Suspect[]> {
  const judged = await Promise.all(
    list.map(async (suspect): Promise<Suspect | undefined> => {
      const question = suspect.verdict.askUnique
      if (!question) return suspect
      const indexes = isCovered(question) ? knownOf(question) : await ask(question)
      if (indexes === undefined) return asUnsure(suspect)
      if (!coversUnique(indexes, question)) return suspect
      suspect.record.acquitted = true
      return undefined
    }),
  )
  return judged.filter((suspect) => suspect !== undefined)
}

/** Whether it can leak only its indexes tell, and these can't be asked: no accusation, but no silence. */
export function asUnsure(suspect: Suspect): Suspect {
  const { askUnique, notes = [] } = suspect.verdict
  if (!askUnique) return suspect
  const note = `only a warning, since the indexes of ${askUnique.cacheKey} could not be asked: no leak if a unique index covers ${fieldsOf(askUnique)}`
  return { ...suspect, level: 'warn', unsure: true, verdict: { ...suspect.verdict, notes: [...notes, note] } }
}

/** Whether a unique index covers its fields, where that is known without asking. */
export function isCovered(question: UniqueQuestion): boolean | undefined {
  if (coversUnique(knownOf(question), question)) return true
  return listed.has(keyOf(question)) ? false : undefined
}

const keyOf = ({ owner, cacheKey }: UniqueQuestion): string => `${hostsOf(owner)}\0${cacheKey}`

/** What this process created itself, and what a client of these hosts has listed. */
const knownOf = (question: UniqueQuestion): IndexKey[] => [
  ...(state().indexes.get(question.cacheKey) ?? []),
  ...(listed.get(keyOf(question)) ?? []),
]

function ask(question: UniqueQuestion): Promise<IndexKey[] | undefined> {
  const byNamespace = known.get(question.owner) ?? new Map<string, Promise<IndexKey[] | undefined>>()
  known.set(question.owner, byNamespace)
  const before = byNamespace.get(question.cacheKey)
  if (before) return before
  const asked = state().ownCalls.run(true, () => question.indexes())
  const answer = within(asked, ASK_MS).catch((error: unknown) => {
    // Dropped in the user's own clean-up: what was created here is known already, and there is nothing else.
    if ((error as { code?: unknown }).code === NAMESPACE_NOT_FOUND) return []
    sayOnce(
      `the indexes of ${question.cacheKey} could not be listed (${errorText(error)}); its cursors are only warned about`,
    )
    return undefined
  })
  byNamespace.set(question.cacheKey, answer)
  void answer.then((indexes) => {
    // No answer may be one the next time, and a collection that is made again later may have an index then.
    if (!indexes?.length) byNamespace.delete(question.cacheKey)
    else if (listed.size < MAX_LISTED)
      listed.set(
        keyOf(question),
        indexes.filter(({ unique }) => unique),
      )
  })
  return answer
}
