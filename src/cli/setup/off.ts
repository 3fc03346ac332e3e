/** What of an environment switches every check off. */
export function offBy(set: Readonly<Record<string, string>>): string | undefined {
  const env: NodeJS.ProcessEnv = { ...process.env, ...set }
  return (['CURSORLEAK', 'CURSORLEAK_DETAIL'] as const)
    .filter((name) => env[name]?.trim() === 'off')
    .map((name) => `${name}=off`)[0]
}
