/** A name, an address in brackets or a socket's encoded path, each with its port: nothing else is shown as a host. */
const HOST = /^(?:\[[\da-f:.%]+\]|(?:[\p{L}\p{N}._~-]|%[\da-f]{2})+)(?::\d{1,5})?$/iu

/** What stands in front of an @ that may belong to an option or to the password: what follows it is not for certain a host. */
export const BEHIND_OPTION = /\?[^?]*=/

/**
 * Where a connection string points to, without user, password and options: `shop-1:27017,shop-2:27017`. Cut at the last
 * `@`, since a password may hold whatever was not encoded; empty where what is left is no list of hosts.
 */
export function hostsOf(uri: string): string {
  const rest = uri.replace(/^mongodb(?:\+srv)?:\/\//i, '')
  const at = rest.lastIndexOf('@')
  if (BEHIND_OPTION.test(rest.slice(0, Math.max(0, at)))) return ''
  const hosts = rest.slice(at + 1).replace(/[/?].*$/s, '')
  return hosts.split(',').every((host) => HOST.test(host)) ? hosts : ''
}
