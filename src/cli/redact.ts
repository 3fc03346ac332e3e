/** Where a connection string points to, without user, password and options: `shop-1:27017,shop-2:27017`. */
export const hostsOf = (uri: string): string =>
  uri
    .replace(/^mongodb(?:\+srv)?:\/\//, '')
    // The last @ before the path: a password may hold one that was not encoded.
    .replace(/^[^/?]*@/, '')
    .replace(/[/?].*$/, '')

/** A text of somebody else's (a driver's error) without anything that the connection string keeps secret. */
export function redact(text: string, uri: string): string {
  let safe = text.replaceAll(uri, hostsOf(uri))
  for (const secret of secretsOf(uri)) safe = safe.replaceAll(secret, '***')
  return safe.replace(/(mongodb(?:\+srv)?:\/\/)[^@\s/]*@/g, '$1***@')
}

/** Shorter ones would take words apart, and could be found in any text. */
function secretsOf(uri: string): string[] {
  const given = /^mongodb(?:\+srv)?:\/\/([^/?]*)@/.exec(uri)?.[1]
  if (!given) return []
  const [user = '', ...password] = given.split(':')
  return [user, password.join(':')].flatMap((text) => [text, decoded(text)]).filter((text) => text.length > 2)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that stands for itself: there is no other form of it.
    return text
  }
}
