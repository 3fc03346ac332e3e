/**
 * Every version that is tested, and the only place where one is written down: by the name that tables and tests give it,
 * the exact release. `test/versions.test.ts` compares with it what package.json, `doctor` and the pages promise.
 */
export const MONGODB = {
  ...{ '4.0': '4.0.0', '4.17': '4.17.2', '5.0': '5.0.0', '5.9': '5.9.2' },
  ...{ '6.0': '6.0.0', '6.22': '6.22.0', '7.0': '7.0.0', '7.9': '7.9.0' },
} as const
/** The first minor of each major, and the last, which the repository installs. */
export const OLDEST_MONGODB = ['4.0', '5.0', '6.0', '7.0'] as const

export const MONGOOSE = {
  ...{ '6.0': '6.0.0', '6.13': '6.13.11', '7.0': '7.0.0', '7.8': '7.8.13' },
  ...{ '8.0': '8.0.0', '8.24': '8.24.10', '9.0': '9.0.0', '9.12': '9.12.1' },
} as const

export const VITEST = { '2.1': '2.1.9', '3.2': '3.2.7', '4.0': '4.0.18', '4.1': '4.1.12', '5.1': '5.1.1' } as const
export const JEST = { '28': '28.1.3', '29': '29.7.0', '30': '30.5.2' } as const
export const MOCHA = {
  '10.0': '10.0.0',
  '10.8': '10.8.2',
  '11.0': '11.0.1',
  '11.8': '11.8.0',
  '12.0': '12.0.3',
} as const
/** The last before those that are supported. */
export const TOO_OLD = { vitest: '1.6.1', jest: '27.5.1', mocha: '9.2.2' } as const
/** Runtimes with test runners of their own, as npm packages. */
export const RUNTIMES = { bun: '1.4.5', deno: '2.9.6' } as const
export const CHAI = { '4': '4.5.0', '5': '5.3.3', '6': '6.3.0' } as const

export const NODE = { '20': '20.20.2', '22': '22.23.3', '24': '24.21.0', '26': '26.10.0' } as const
export const TYPESCRIPT = { '5.4': '5.4.5', '5.9': '5.9.3', '6': '6.0.2', '7': '7.0.2' } as const

/** The newest driver, in projects whose matter is something else. */
export const DRIVER = { mongodb: MONGODB['7.9'] } as const

/** What else a project of a user's has. */
export const BESIDE = {
  '@yarnpkg/cli-dist': '4.18.1',
  '@babel/core': '7.28.5',
  '@babel/preset-env': '7.28.5',
  '@babel/preset-typescript': '7.28.5',
  '@shelf/jest-mongodb': '6.0.2',
  '@swc/core': '1.16.22',
  '@swc/jest': '0.2.39',
  '@types/node': '20.19.43',
  'happy-dom': '20.0.10',
  jsdom: '26.1.0',
  'mongodb-memory-server': '11.3.0',
  msw: '2.11.6',
  pnpm: '10.18.3',
  'ts-jest': '29.4.15',
  tsx: '4.23.15',
  vite: '8.3.8',
  'vitest-mms': '0.2.7',
  'vitest-mongodb': '1.0.3',
} as const

/** Libraries and frameworks that sit on the driver, each with what it needs. */
export const LIBRARIES = {
  '@nestjs/common': '11.2.10',
  '@nestjs/core': '11.2.10',
  '@nestjs/mongoose': '11.0.4',
  '@nestjs/platform-express': '11.2.10',
  '@typegoose/typegoose': '13.4.0',
  agenda: '5.0.0',
  'connect-mongo': '5.1.0',
  'express-session': '1.19.0',
  mongoose: '9.7.3',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
} as const

/** Some of these packages, as dependencies. */
export const beside = (...names: Array<keyof typeof BESIDE>): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, BESIDE[name]]))

/** The oldest Jest has a ts-jest of its own, which takes no TypeScript 5. */
export const OF_JEST_28 = { 'ts-jest': '28.0.8', typescript: '4.9.5' } as const
/** Types that a project installs beside a runner. */
export const TYPES_OF_JEST = { '28': '28.1.8', '29': '29.5.14', '30': '30.0.0' } as const
export const TYPES_OF_CHAI = { '4': '4.3.20', '5': '5.2.3', '6': '5.2.3' } as const
/** A driver that no mongoose brings: two copies in one project. */
export const OTHER_DRIVER = '6.20.0'
/** What a tool is told that the stand-in is. */
export const SERVER = '8.0.0'
