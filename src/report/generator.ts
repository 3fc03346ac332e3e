import { isInGenerator } from './frames.ts'
import { sourceLines } from './source-file.ts'
import { frameLines, parseFrame } from './stack-frame.ts'

/** So far above the line that opens a cursor its function is looked for. */
const FAR = 200

/**
 * Whether a line stands in a generator. Behind an `await` no frame shows the call of its `next()`: there the text of the
 * function that has the frame's name tells.
 * @param raw the same stack as it was before it was mapped: a source that is not there can't be read
 */
export const isOfGenerator = (stack: string | undefined, frame: string | undefined, raw?: string): boolean =>
  isInGenerator(stack, frame) || (frame !== undefined && (isWrittenAsOne(frame) || isWrittenAsOne(sameIn(raw, frame))))

/** The frame of the same function. */
const sameIn = (raw: string | undefined, frame: string): string =>
  frameLines(raw).find((line) => parseFrame(line).site?.function === parseFrame(frame).site?.function) ?? ''

function isWrittenAsOne(frame: string): boolean {
  const { site } = parseFrame(frame)
  const name = site?.function.split('.').at(-1)
  if (!site || !name || !/^[\w$]+$/.test(name)) return false
  const own = name.replaceAll('$', '\\$&')
  const asked = RegExp(`\\*\\s*${own}\\s*[(<]|\\b${own}\\s*[=:]\\s*(?:async\\s+)?function\\s*\\*`)
  const other = RegExp(`\\bfunction\\s+${own}\\s*[(<]|\\b${own}\\s*[=:]\\s*(?:async\\b|function\\b|\\()`)
  const above = sourceLines(site.file)?.slice(Math.max(0, site.line - FAR), site.line) ?? []
  // The nearest one of that name.
  const line = above.findLast((text) => asked.test(text) || other.test(text))
  return line !== undefined && asked.test(line)
}
