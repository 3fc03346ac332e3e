import { within } from '../clock.ts'
import { errorText, sayOnce } from '../say.ts'
import { state } from '../state.ts'
import { coversUnique } from '../trace/bounds/unique.ts'
import type { IndexKey, UniqueQuestion } from '../trace/resources/resource.ts'
import type { Suspect } from './judge.ts'

/** Index lists by client and namespace: asked once, only before accusing. */
const known = new WeakMap<object, Map<string, Promise<IndexKey[] | undefined>>>()
const ASK_MS = 2_000
const NAMESPACE_NOT_FOUND = 26

/**
 * Acquits suspects whose filter fixes a whole unique index: such a result can't outlive the first batch.
 * Where the indexes can't be listed (no rights, client closed) the suspect is only warned about.
 */
export async function withoutUnique(list: Suspect[]): Promise<Suspect[]> {
  const judged = await Promise.all(
    list.map(async (suspect): Promise<Suspect | undefined> => {
      const question = suspect.verdict.askUnique
      if (!question) return suspect
      if (coversUnique(state().indexes.get(question.cacheKey) ?? [], question.fields)) return undefined
      const indexes = await ask(question)
      if (indexes === undefined) return { ...suspect, level: 'warn' }
      return coversUnique(indexes, question.fields) ? undefined : suspect
    }),
  )
  return judged.filter((suspect) => suspect !== undefined)
}

function ask(question: UniqueQuestion): Promise<IndexKey[] | undefined> {
  const byNamespace = known.get(question.owner) ?? new Map<string, Promise<IndexKey[] | undefined>>()
  known.set(question.owner, byNamespace)
  let answer = byNamespace.get(question.cacheKey)
  if (!answer) {
    const asked = state().ownCalls.run(true, () => question.indexes())
    answer = within(asked, ASK_MS).catch((error: unknown) => {
      // Dropped in the user's own clean-up: what was created here is known already, and there is nothing else.
      if ((error as { code?: unknown }).code === NAMESPACE_NOT_FOUND) return []
      sayOnce(
        `the indexes of ${question.cacheKey} could not be listed (${errorText(error)}); its cursors are only warned about`,
      )
      return undefined
    })
    byNamespace.set(question.cacheKey, answer)
    // A collection that is made again later may have an index then.
    answer.then((indexes) => indexes?.length === 0 && byNamespace.delete(question.cacheKey))
  }
  return answer
}
