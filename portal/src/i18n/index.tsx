import { createContext, useContext, useMemo, useState, type PropsWithChildren } from 'react'
import { IntlProvider, useIntl } from 'react-intl'
import { IntlProvider as KitIntlProvider } from '@/ui/kit'
import applicantEn from './applicant.en.json'
import applicantJa from './applicant.ja.json'
import adminEn from './admin.en.json'
import adminJa from './admin.ja.json'
import commonEn from './common.en.json'
import commonJa from './common.ja.json'
import deskEn from './desk.en.json'
import deskJa from './desk.ja.json'
import fieldsEn from './fields.en.json'
import fieldsJa from './fields.ja.json'
import guarantorEn from './guarantor.en.json'
import guarantorJa from './guarantor.ja.json'
import officeEn from './office.en.json'
import officeJa from './office.ja.json'
import papersEn from './papers.en.json'
import papersJa from './papers.ja.json'
import partnerEn from './partner.en.json'
import partnerJa from './partner.ja.json'
import scrivenerEn from './scrivener.en.json'
import scrivenerJa from './scrivener.ja.json'
import managerEn from './manager.en.json'
import managerJa from './manager.ja.json'
import staffEn from './staff.en.json'
import staffJa from './staff.ja.json'
import webhooksEn from './webhooks.en.json'
import webhooksJa from './webhooks.ja.json'

// A catalogue per part of the portal, so that people can work beside each other: add the two files of a part here.
const JA = { ...commonJa, ...fieldsJa, ...staffJa, ...managerJa, ...adminJa, ...applicantJa, ...scrivenerJa, ...guarantorJa, ...partnerJa, ...papersJa, ...deskJa, ...officeJa, ...webhooksJa }
const EN: Record<Key, string> = {
  ...commonEn, ...fieldsEn, ...staffEn, ...managerEn, ...adminEn, ...applicantEn, ...scrivenerEn, ...guarantorEn, ...partnerEn, ...papersEn, ...deskEn, ...officeEn, ...webhooksEn,
}

/** A key of the catalogues: one that is not there does not compile. */
export type Key = keyof typeof JA

/** The languages. */
export type Locale = 'ja' | 'en'

const STORED = 'yushi.language'
const LanguageContext = createContext<{ locale: Locale; choose: (locale: Locale) => void }>({ locale: 'ja', choose: () => undefined })

function stored(): Locale {
  return window.localStorage.getItem(STORED) === 'en' ? 'en' : 'ja'
}

/** The language of the pages: Japanese, until somebody chooses. */
export function Language({ children }: PropsWithChildren) {
  const [locale, setLocale] = useState<Locale>(stored)
  const language = useMemo(() => {
    document.documentElement.lang = locale
    const choose = (chosen: Locale) => {
      window.localStorage.setItem(STORED, chosen)
      setLocale(chosen)
    }
    return { locale, choose }
  }, [locale])
  return (
    <LanguageContext.Provider value={language}>
      <IntlProvider locale={locale} messages={locale === 'ja' ? JA : EN} defaultLocale="ja">
        <KitIntlProvider locale={locale === 'ja' ? 'ja' : 'en-us'}>{children}</KitIntlProvider>
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
