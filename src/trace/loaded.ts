import { requireHere } from '../require.ts'

const DRIVER = /[\\/]mongodb\d*[\\/]lib[\\/](?:cursor[\\/]abstract_cursor|index)\.js$/

/**
 * Whether a copy of the driver is loaded here. Only for a diagnosis: a driver inside a bundle is not found. The runners
 * that have module registries of their own (Vitest's vm pools, Jest) show theirs as this cache.
 */
export function isDriverLoaded(): boolean {
  const { cache } = requireHere()
  return Object.keys(cache ?? {}).some((file) => DRIVER.test(file))
}
