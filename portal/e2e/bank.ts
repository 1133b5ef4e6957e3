// Starts the program with a fresh database for all stories of a file.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended, started } from './program'

export default async function bank() {
  const data = mkdtempSync(join(tmpdir(), 'yushi-portal-'))
  const { child, url } = started(data, ['--no-partners'])
  process.env.PORTAL_URL = await url
  return async () => {
    await ended(child)
    rmSync(data, { recursive: true, force: true })
  }
}
