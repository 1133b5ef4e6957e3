// The program under test: one that stands in the build's folder, or another that the environment names.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'

export const program = process.env.PORTAL_PROGRAM ?? '../target/debug/yushi'

/** A demo with its data in this folder. Resolves `url` with the address it says of itself. */
export function started(data: string, options: readonly string[]): { child: ChildProcess; url: Promise<string> } {
  const child = spawn(program, ['demo', '--listen', '127.0.0.1:0', '--data', data, '--json', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = new Promise<string>((found, failed) => {
    let said = ''
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString()
      if (said.includes('\n')) found((JSON.parse(said) as { url: string }).url)
    })
    child.on('error', failed)
    child.on('exit', (code) => failed(new Error(`${program} ended with ${code}`)))
  })
  return { child, url }
}

/** Ends a demo, and waits until it has. */
export async function ended(child: ChildProcess) {
  const done = new Promise((over) => child.once('exit', over))
  child.kill()
  await done
}

/** A token of the demo whose data this is. */
export function token(data: string, ...options: string[]): string {
  return execFileSync(program, ['token', '--data', data, ...options]).toString().trim()
}
