// @ts-check
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * @typedef {object} Expected
 * @property {string} id
 * @property {string} test the title of the test that must fail
 * @property {string} file where the leaked cursor is created
 * @property {number} line
 */

const MARK = /\/\/ leak: ([\w-]+)$/

/**
 * Joins the marked lines of the shop's sources with the titles in leaks.mjs.
 * @param {URL} shop its folder, with a slash at the end
 * @param {string} src the folder of its sources
 * @returns {Promise<Expected[]>}
 */
export async function readExpected(shop, src) {
  /** @type {{ default: Record<string, string> }} */
  const { default: titles } = await import(new URL('leaks.mjs', shop).href)
  const marks = await readMarks(src)
  const ids = new Set([...Object.keys(titles), ...marks.map((mark) => mark.id)])
  return [...ids].map((id) => {
    const [mark, second] = marks.filter((candidate) => candidate.id === id)
    const test = titles[id]
    // A mark and a title that miss each other would quietly check less than the demo promises.
    if (!mark || second || !test)
      throw new Error(`demo: "${id}" needs one marked line in src and one title in leaks.mjs`)
    return { ...mark, test }
  })
}

/** @param {string} src */
async function readMarks(src) {
  const marks = []
  for (const name of await readdir(src)) {
    const file = join(src, name)
    const lines = (await readFile(file, 'utf8')).split(/\r?\n/)
    for (const [index, text] of lines.entries()) {
      const id = MARK.exec(text)?.[1]
      if (id) marks.push({ id, file, line: index + 1 })
    }
  }
  return marks
}
