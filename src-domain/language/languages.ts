/** The languages of the screen. Each has its catalogue in `locales/`; a test holds the catalogues against each other. */

/** BCP 47 tags, English first: it stands in wherever no better one is known. */
export const LANGUAGES = ['en', 'de', 'es', 'ar'] as const
export type Language = (typeof LANGUAGES)[number]

/** The best language there is for what the person reads, most wanted first. */
export function chooseLanguage(wanted: readonly string[]): Language {
  const match = wanted
    .flatMap((tag) => [tag.toLowerCase(), tag.split('-')[0]?.toLowerCase()])
    .find((tag) => LANGUAGES.some((have) => have === tag))
  return (match as Language | undefined) ?? 'en'
}

/**
 * The tag to give `Intl` for a language. Plain English puts the day before the month, as most of the world writes it; Arabic
 * keeps the digits of clocks, phones and birth dates, which stand beside its words all over a clinic.
 */
export function intlTag(language: string): string {
  if (language === 'en') return 'en-GB'
  return language === 'ar' ? 'ar-u-nu-latn' : language
}

/** What a language calls itself, with a capital: what its readers look for in a list. */
export function ownName(language: Language): string {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1)
}
