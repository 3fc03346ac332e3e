/** What opens and closes a part of code, or begins a function; a string, a template or a comment is one word. */
const WORDS = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\*.*?\*\/|=>|\bfunction\b|[([{}\]),;]/g

/**
 * Whether a column of a line lies in a function that begins on that line. Of what a line shows alone: the body of an arrow
 * function ends with its brace, or where the expression around it goes on.
 * @param column from 1
 */
export function isInFunction(line: string, column: number): boolean {
  /** How many brackets were open where each function began, the outermost first. */
  const begun: number[] = []
  let open = 0
  for (const [word] of line.slice(0, column - 1).matchAll(WORDS)) {
    if (word === '=>' || word === 'function') begun.push(open)
    else if ('([{'.includes(word)) open++
    else if (word === ',' || word === ';') leave(begun, open)
    else if (')]}'.includes(word)) {
      open--
      // A brace ends the body; behind a parenthesis comes more of the function.
      leave(begun, word === '}' ? open : open + 1)
    }
  }
  return begun.length > 0
}

/** A function is over once code stands again where it began, or outside of that. */
function leave(begun: number[], open: number): void {
  while ((begun.at(-1) ?? -1) >= open) begun.pop()
}
