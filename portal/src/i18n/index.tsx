import { createContext, useContext, useEffect, useMemo, useState, type PropsWithChildren } from 'react'
import { IntlProvider, useIntl } from 'react-intl'
import { IntlProvider as KitIntlProvider } from '@/ui/kit'
import applicantJa from './applicant.ja.json'
import adminJa from './admin.ja.json'
import commonJa from './common.ja.json'
import complianceJa from './compliance.ja.json'
import dayEndJa from './dayend.ja.json'
import deskJa from './desk.ja.json'
import fieldsJa from './fields.ja.json'
import guarantorJa from './guarantor.ja.json'
import issuedJa from './issued.ja.json'
import registrationJa from './registration.ja.json'
import officeJa from './office.ja.json'
import papersJa from './papers.ja.json'
import partnerJa from './partner.ja.json'
import scrivenerJa from './scrivener.ja.json'
import managerJa from './manager.ja.json'
import staffJa from './staff.ja.json'
import tourJa from './tour.ja.json'
import webhooksJa from './webhooks.ja.json'

// A catalogue per part of the portal, so that people can work beside each other: add the Japanese file of a part here, the English one in
// english.ts, which is loaded for those who choose it.
const JA = { ...commonJa, ...fieldsJa, ...staffJa, ...managerJa, ...adminJa, ...applicantJa, ...scrivenerJa, ...guarantorJa, ...partnerJa, ...papersJa, ...deskJa, ...officeJa, ...tourJa, ...webhooksJa, ...complianceJa, ...dayEndJa, ...registrationJa, ...issuedJa }

/** A key of the catalogues: one that is not there does not compile. */
export type Key = keyof typeof JA

/** The languages. */
export type Locale = 'ja' | 'en'

const STORED = 'yushi.language'
const LanguageContext = createContext<{ locale: Locale; choose: (locale: Locale) => void }>({ locale: 'ja', choose: () => undefined })

function stored(): Locale {
  return window.localStorage.getItem(STORED) === 'en' ? 'en' : 'ja'
}

/** The language of the pages: Japanese, until somebody chooses. English is there once it is loaded; what is on screen stays until then. */
export function Language({ children }: PropsWithChildren) {
  const [locale, setLocale] = useState<Locale>(stored)
  const [english, setEnglish] = useState<Record<Key, string> | null>(null)
  // Whoever chose English before does not see Japanese first.
  const [waits, setWaits] = useState(locale === 'en')
  useEffect(() => {
    if (locale !== 'en' || english) return
    import('./english').then(({ EN }) => setEnglish(EN), () => undefined).finally(() => setWaits(false))
  }, [locale, english])
  const shown = locale === 'en' && english ? 'en' : 'ja'
  const language = useMemo(() => {
    document.documentElement.lang = shown
    const choose = (chosen: Locale) => {
      window.localStorage.setItem(STORED, chosen)
      setLocale(chosen)
    }
    return { locale: shown, choose } as const
  }, [shown])
  if (waits) return null
  return (
    <LanguageContext.Provider value={language}>
      <IntlProvider locale={shown} messages={shown === 'en' && english ? english : JA} defaultLocale="ja">
        <KitIntlProvider locale={shown === 'ja' ? 'ja' : 'en-us'}>{children}</KitIntlProvider>
      </IntlProvider>
    </LanguageContext.Provider>
  )
}

/** The language and how to choose another. */
export function useLanguage() {
  return useContext(LanguageContext)
}

/** The language. */
export function useLocale(): Locale {
  return useContext(LanguageContext).locale
}

/** The text of a key, with what stands in its braces. */
export function useText(): (key: Key, values?: Record<string, string | number>) => string {
  const intl = useIntl()
  return useMemo(() => (key, values) => intl.formatMessage({ id: key }, values), [intl])
}

/**
 * The name of a field of the API, by its name or its path: `address.text` may be called otherwise than every other text. The field's own
 * name where the catalogue has none.
 */
export function useFieldName(): (path: string) => string {
  const text = useText()
  return useMemo(() => {
    return (path) => {
      const names = path.split('.').map((part) => part.replace(/\[.*\]$/, ''))
      const key = [names.slice(-2).join('.'), names.at(-1)].find((one) => `name.${one}` in JA)
      return key === undefined ? (names.at(-1) ?? path) : text(`name.${key}` as Key)
    }
  }, [text])
}
