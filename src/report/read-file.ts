import { closeSync, openSync, readSync, statSync } from '../native.ts'

/** A file that can't be read: the message goes on behind its name, `is a directory`. */
export class UnreadableError extends Error {
  override name = 'UnreadableError'
}

/**
 * Reads a file that somebody else has named (a stack, a source map, an option). A pipe or a device may block for ever, and a
 * huge file stops the test it is read for: only a regular file is read, and only up to a size.
 * @param maxBytes of the file
 * @throws an {@link UnreadableError}
 */
export function readFile(file: string, maxBytes: number): string {
  const size = sizeOf(file)
  if (size > maxBytes) throw new UnreadableError(`is larger than ${Math.floor(maxBytes / 2 ** 20)} MB`)
  const bytes = attempt(() => Buffer.alloc(size))
  const handle = attempt(() => openSync(file, 'r'))
  try {
    let read = 0
    // As much as there was: what grows meanwhile has no end.
    for (let more = 1; more > 0 && read < size; read += more) {
      more = attempt(() => readSync(handle, bytes, read, size - read, null))
    }
    return bytes.toString('utf8', 0, read)
  } finally {
    attempt(() => closeSync(handle))
  }
}

function sizeOf(file: string): number {
  const { kind, size } = attempt(() => {
    const found = statSync(file)
    return { kind: found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other', size: found.size }
  })
  if (kind === 'directory') throw new UnreadableError('is a directory')
  if (kind === 'other') throw new UnreadableError('is no regular file')
  return size
}

function attempt<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new UnreadableError(`can't be read (${codeOf(error)})`)
  }
}

/** `ENOENT`, else what the error says: no path, which the caller names. */
export const codeOf = (error: unknown): string => String((error as { code?: unknown })?.code ?? error)
