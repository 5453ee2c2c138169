/**
 * Words on screen. A language is one file in `locales/`; adding `de.json` there adds German, nothing else has to know.
 * English is built in and stands in for what a catalogue lacks; the others are loaded when asked for.
 */
import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import english from '#locales/en.json'

const catalogues = import.meta.glob<typeof english>(['../../locales/*.json', '!../../locales/en.json'], {
  import: 'default',
})

/** BCP 47 tags of the languages there are. */
export const LANGUAGES: readonly string[] = ['en', ...Object.keys(catalogues).map(tagOf)]

/** The best language there is for what the person reads, most wanted first. */
export function chooseLanguage(wanted: readonly string[]): string {
  const match = wanted
    .flatMap((tag) => [tag, tag.split('-')[0] ?? tag])
    .find((tag) => LANGUAGES.some((have) => have.toLowerCase() === tag.toLowerCase()))
  return match ?? 'en'
}

/** Starts i18next with the language and its catalogue, and tells the page which way it is written. */
export async function startI18n(language: string): Promise<i18n> {
  const load = catalogues[`../../locales/${language}.json`]
  const translation = load ? await load() : english
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: english }, [language]: { translation } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = language
  document.documentElement.dir = i18next.dir(language)
  return i18next
}

function tagOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.json$/, '')
}
