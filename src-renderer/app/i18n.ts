/**
 * Words on screen. English is built in and stands in for what a catalogue lacks; the others are loaded when asked for. A change
 * of language redraws what is on screen and keeps all that is typed, because no part of the page is mounted anew.
 */
import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { chooseLanguage, LANGUAGES, type Language } from '#domain/language/languages.ts'
import english from '#locales/en.json'
import { keepLanguage, languageOfDevice, languageOfUser } from './kept-language.ts'

const catalogues = import.meta.glob<typeof english>(['../../locales/*.json', '!../../locales/en.json'], {
  import: 'default',
})

/** Starts i18next, and keeps telling the page which way it is written. */
export async function startI18n(language: Language = wantedLanguage(null)): Promise<i18n> {
  i18next.on('languageChanged', tellPage)
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: [...LANGUAGES],
    resources: { en: { translation: english }, [language]: { translation: await loadCatalogue(language) } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  return i18next
}

/** Shows the page in that language. */
export async function showLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await loadCatalogue(language))
  }
  await i18next.changeLanguage(language)
}

/** Shows the page in the language that was chosen, now and at the next start. @param userId null at the log-in screen */
export function switchLanguage(userId: string | null, language: Language): void {
  keepLanguage(userId, language)
  void showLanguage(language)
}

/** What that person chose on this device; else what was last chosen at its log-in; else what the system speaks. */
export function wantedLanguage(userId: string | null): Language {
  const kept = (userId === null ? null : languageOfUser(userId)) ?? languageOfDevice()
  return chooseLanguage(kept === null ? navigator.languages : [kept, ...navigator.languages])
}

async function loadCatalogue(language: Language): Promise<typeof english> {
  const load = catalogues[`../../locales/${language}.json`]
  return load ? await load() : english
}

function tellPage(language: string): void {
  document.documentElement.lang = language
  document.documentElement.dir = i18next.dir(language)
  document.title = i18next.t('app-name')
}
