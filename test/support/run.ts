import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

export interface Run {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a command to its end as a user would, with colours off and no setting of ours from outside. */
export function run(command: string, args: string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<Run> {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', CI: '1', ...options.env }
  // What our own Vitest tells its workers must not reach the runner under test.
  for (const name of Object.keys(env)) {
    const ours = name.startsWith('CURSORLEAK') && !(options.env && name in options.env)
    if (/^(VITEST|VITE_|JEST_|TEST$|DEV$|PROD$|SSR$|MODE$|BASE_URL$|NODE_ENV$)/.test(name) || ours) delete env[name]
  }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** Takes out of an output what differs from run to run: colours, times, durations, ports and this checkout's folder. */
export function stable(text: string, folder: string): string {
  return (
    stripVTControlCharacters(text)
      .replaceAll(folder, '<folder>')
      .replace(/ ?\b\d+(\.\d+)?\s?m?s\b/g, (time) => (time.startsWith(' ') ? ' <time>' : '<time>'))
      // Vitest sets the time of a slow test apart.
      .replace(/^( *[✓×] .*\S) +<time>$/gm, '$1 <time>')
      .replace(/\d\d:\d\d:\d\d/g, '<clock>')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
      .replace(/⎯+/g, '⎯')
      .replace(/[ \t]+$/gm, '')
  )
}
