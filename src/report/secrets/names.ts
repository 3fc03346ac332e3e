const WORD = /^(?:pass|pw|passw|psw|creds?|jwt|bearer|authorization|(?:db|my|mongo|admin|root|user)(?:pass|pw))$/
const END = /(?:passwords?|passwd|passphrases?|passcodes?|pwd|secrets?|tokens?|credentials?|api_?keys?)$/
/** `apiKey`, `privateKey`: a key alone may be any. */
const KEY_OF = /^(?:api|access|private|secret|encryption|master|shared|signing|account)$/
/** What is about a secret and is none. */
const ABOUT =
  /^(?:fields?|inputs?|label|placeholder|name|type|kind|count|counts|length|size|path|file|url|endpoint|policy|rules?|pattern|regex|column|selector|locator|errors?|message|status|expires|expiry|expiration|ttl|age|at|in|version|page|form|button|screen|component|enabled|required|visible|valid|schema|collection|cursor)$/
const ADDRESS = /^(?:ur[il]s?|dsn|address|connectionstring|connstr|mongo|mongodb|(?:mongo|mongodb|db)ur[il])$/

/** Whether what is given to this name is a secret: `dbPassword`, `API_KEY`, `x-auth-token`; not `passwordField`. */
export function saysSecret(name: string): boolean {
  const words = wordsOf(name)
  if (ABOUT.test(words.at(-1) ?? '')) return false
  return words.some(
    (word, i) => WORD.test(word) || END.test(word) || (/^keys?$/.test(word) && KEY_OF.test(words[i - 1] ?? '')),
  )
}

/** Whether what is given to this name is where a server is. */
export function saysAddress(name: string): boolean {
  const words = wordsOf(name)
  return ADDRESS.test(words.at(-1) ?? '') || /^(?:connection|conn)(?:string|str)$/.test(words.slice(-2).join(''))
}

const wordsOf = (name: string): string[] =>
  name
    .slice(-80)
    .replace(/([\p{Ll}\d])(?=\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1$2 ')
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.replace(/\d+$/, '').toLowerCase())
    .filter(Boolean)
