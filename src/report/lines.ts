import { sayOnce } from '../say.ts'

/** Values that several processes have left in one file, a line each. A process that was killed may have left half a line. */
export function valuesOf<T>(text: string): T[] {
  return text
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as T]
      } catch {
        sayOnce('a process was ended while it left what it had found: some of it is missing here')
        return []
      }
    })
}
