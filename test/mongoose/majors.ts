import { createRequire } from 'node:module'
import mongoose9 from 'mongoose'

// Their types are left out: each major declares the one module `mongoose`, and the compiler merges them into nonsense.
const require = createRequire(import.meta.url)

export const majors: ReadonlyArray<readonly [number, typeof mongoose9]> = [
  [6, require('mongoose6')],
  [7, require('mongoose7')],
  [8, require('mongoose8')],
  [9, mongoose9],
]
