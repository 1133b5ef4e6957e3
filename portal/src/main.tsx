import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Start } from './app/Start'
import { Language } from './i18n'
import './ui/base.css'

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Language>
        <Start />
      </Language>
    </StrictMode>,
  )
}
