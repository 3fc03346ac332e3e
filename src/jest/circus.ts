import type { AnyFunction } from '../trace/patch.ts'

// What is used of jest-circus' own state, the same in Jest 28 to 30. None of it is public, so all of it may be missing.

export interface Circus {
  rootDescribeBlock: Block
  currentlyRunningTest?: Test | null
  unhandledErrors?: unknown[]
}
export interface Block {
  type: 'describeBlock'
  name: string
  parent?: Block
  hooks: Hook[]
  children: Array<Block | Test>
}
export interface Test {
  type: 'test'
  name: string
  parent: Block
  fn?: AnyFunction
  concurrent?: boolean
  failing?: boolean
  errors: unknown[]
}
export interface Hook {
  type: 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll'
  fn: AnyFunction
  timeout: unknown
  asyncError: unknown
}

/** Made by `Symbol()`, not `Symbol.for()`: only its description tells, and the search for that on a vm's global is slow. */
let key: symbol | undefined

/** The running file's state, or undefined: another test runner, or a Jest that keeps it elsewhere. */
export function circus(): Circus | undefined {
  if (key === undefined || !(key in globalThis)) {
    key = Object.getOwnPropertySymbols(globalThis).find(({ description }) => description === 'JEST_STATE_SYMBOL')
  }
  const found = key && (globalThis as { [key: symbol]: Partial<Circus> | undefined })[key]
  const root = found?.rootDescribeBlock
  return Array.isArray(root?.hooks) && Array.isArray(root.children) ? (found as Circus) : undefined
}

/** `describe > test`, as Jest's reporters show it with another arrow. */
export function fullName(test: Test): string {
  const names = [test.name]
  for (let block: Block | undefined = test.parent; block?.parent; block = block.parent) names.unshift(block.name)
  return names.join(' > ')
}

/** Every block of the file, the root first. */
export function blocksOf(root: Block): Block[] {
  return [root, ...root.children.flatMap((child) => (child.type === 'describeBlock' ? blocksOf(child) : []))]
}

export const testsOf = (block: Block): Test[] =>
  block.children.filter((child): child is Test => child.type === 'test' && typeof child.fn === 'function')

/**
 * Puts a hook before or behind all others of its kind in a block. What the hooks hold changes places, not the hooks: Jest
 * has taken the list of a block's `afterAll` hooks out before the first `beforeAll` is called.
 */
export function moveHook(block: Block, fn: AnyFunction, where: 'first' | 'last'): void {
  const own = block.hooks.find((hook) => hook.fn === fn)
  if (!own) return
  const list = block.hooks.filter((hook) => hook.type === own.type)
  const contents = list.filter((hook) => hook !== own).map(contentOf)
  if (where === 'first') contents.unshift(contentOf(own))
  else contents.push(contentOf(own))
  for (const [index, hook] of list.entries()) Object.assign(hook, contents[index])
}

const contentOf = ({ fn, timeout, asyncError }: Hook): Omit<Hook, 'type'> => ({ fn, timeout, asyncError })
