import { beforeDeath } from '../app/signals.ts'
import { isNews, suspects, toLeak } from '../check/judge.ts'
import { options } from '../options.ts'
import { groupLeaks } from '../report/group.ts'
import { oneLine } from '../report/message.ts'
import { write } from '../say.ts'
import { state } from '../state.ts'

/**
 * Tells what is left open where a signal ends the file: no hook comes any more. Only where it is asked for, since a listener
 * takes away that the signal ends a process whose loop is blocked.
 */
export function tellBeforeDeath(): void {
  if (options().catchSignals) beforeDeath(tellLeft)
}

function tellLeft(): void {
  const { file, running, checked } = state()
  if (file.done) return
  const records = [file, ...running, ...checked].flatMap((scope) => (scope.allowed ? [] : [...scope.records]))
  const left = suspects(new Set(records)).filter(({ level }) => level === 'fail')
  for (const leak of groupLeaks(left.map(toLeak).filter(isNews))) {
    write(`cursorleak: a signal ended the file before its check; left open: ${oneLine(leak)}`)
  }
}
