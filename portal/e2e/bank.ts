// Starts the program with a fresh database for all stories, and brings some cases on their way.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const program = process.env.PORTAL_PROGRAM ?? '../target/debug/yushi'

/** Resolves with what the demo says of itself. */
function started(data: string) {
  const child = spawn(program, ['demo', '--listen', '127.0.0.1:0', '--data', data, '--no-partners', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
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

export default async function bank() {
  const data = mkdtempSync(join(tmpdir(), 'yushi-portal-'))
  const { child, url } = started(data)
  process.env.PORTAL_URL = await url
  return async () => {
    const ended = new Promise((done) => child.once('exit', done))
    child.kill()
    await ended
    rmSync(data, { recursive: true, force: true })
  }
}
