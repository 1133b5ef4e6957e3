import { createContext, useContext, useState, type PropsWithChildren } from 'react'
import { useLocale, useText } from '@/i18n'
import { CheckField } from '@/ui'

/** Kept on the device: a way of reading, nothing of the person. */
const STORED = 'yushi.easy'
const EasyContext = createContext<{ easy: boolean; choose: (easy: boolean) => void }>({ easy: false, choose: () => undefined })

/** Whether pages speak in easy Japanese. */
export function EasyLanguage({ children }: PropsWithChildren) {
  const [easy, setEasy] = useState(() => window.localStorage.getItem(STORED) === 'yes')
  const choose = (chosen: boolean) => {
    window.localStorage.setItem(STORED, chosen ? 'yes' : 'no')
    setEasy(chosen)
  }
  return <EasyContext.Provider value={{ easy, choose }}>{children}</EasyContext.Provider>
}

/** Is easy Japanese wanted? */
export function useEasy(): boolean {
  const locale = useLocale()
  return useContext(EasyContext).easy && locale === 'ja'
}

/** The switch. English has one way of speaking. */
export function EasySwitch() {
  const text = useText()
  const locale = useLocale()
  const { easy, choose } = useContext(EasyContext)
  if (locale !== 'ja') return null
  return <CheckField label={text('me.easy')} value={easy} onChange={choose} />
}
