import react from '@vitejs/plugin-react'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const dist = fileURLToPath(new URL('dist', import.meta.url))
const server = process.env.YUSHI_URL ?? 'http://127.0.0.1:8080'

/** Every file below a folder. */
function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : [path]
  })
}

/**
 * Empties the folder beforehand, all but the file that keeps it in the repository, and afterwards writes the compressed forms that
 * the server sends. The same sources give the same bytes.
 */
function shipped(): Plugin {
  return {
    name: 'shipped',
    apply: 'build',
    buildStart() {
      for (const name of readdirSync(dist)) {
        if (name !== '.gitignore') rmSync(join(dist, name), { recursive: true })
      }
    },
    closeBundle() {
      for (const path of files(dist).filter((path) => /\.(js|css|html|svg)$/.test(path))) {
        const content = readFileSync(path)
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params }))
      }
    },
  }
}

/** Japanese tables of codes, which PDF files name and do not bring along. */
const TABLES = /^(78|83pv|90|Add|Adobe-Japan1|EUC-|Ext-|Hankaku|Hiragana|Katakana|NWP|RKSJ|Roman|UniJIS|WP-Symbol|H\.|V\.).*bcmap$/

/** Puts the tables of codes into a folder that names their version: what is there is never fetched twice. */
function tables(): Plugin {
  const package_ = createRequire(import.meta.url).resolve('pdfjs-dist/package.json')
  const folder = join(package_, '../cmaps')
  const { version } = JSON.parse(readFileSync(package_, 'utf8')) as { version: string }
  return {
    name: 'tables',
    apply: 'build',
    generateBundle() {
      const named = readdirSync(folder).filter((name) => TABLES.test(name))
      if (named.length < 50) this.error(`only ${named.length} tables of codes in pdfjs-dist`)
      for (const name of named) this.emitFile({ type: 'asset', fileName: `assets/pdf-${version}/${name}`, source: readFileSync(join(folder, name)) })
      this.emitFile({ type: 'asset', fileName: `assets/pdf-${version}/LICENSE.txt`, source: readFileSync(join(folder, 'LICENSE')) })
    },
  }
}

// The server takes requests from its own pages alone: in development they come from another port.
const proxied = { target: server, changeOrigin: true, headers: { origin: server } }

export default defineConfig({
  plugins: [react(), tables(), shipped()],
  worker: { format: 'es' },
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  build: {
    outDir: dist,
    emptyOutDir: false,
    target: 'es2022',
    // Nothing inline: the policy of the page forbids it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/graphql': { ...proxied, ws: true }, '/auth': proxied },
  },
  test: { testTimeout: 60_000, include: ['test/**/*.test.ts', 'test/**/*.test.tsx'] },
})
