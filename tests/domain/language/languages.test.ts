import { expect, test } from 'vitest'
import { chooseLanguage, intlTag, LANGUAGES, ownName } from '#domain/language/languages.ts'

test('the first wish that can be met is met, whatever its region', () => {
  expect(chooseLanguage(['fr-CA', 'es-MX', 'de'])).toBe('es')
  expect(chooseLanguage(['AR-eg'])).toBe('ar')
  expect(chooseLanguage(['fr'])).toBe('en')
  expect(chooseLanguage([])).toBe('en')
})

test('every language names itself', () => {
  expect(LANGUAGES.map(ownName)).toEqual(['English', 'Deutsch', 'Español', 'العربية'])
})

test('days read as each language writes them, with the digits of the clock', () => {
  const day = (language: string): string =>
    new Intl.DateTimeFormat(intlTag(language), {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    }).format(Date.UTC(2026, 10, 23))
  expect(LANGUAGES.map(day)).toEqual(['Mon 23 Nov', 'Mo., 23. Nov.', 'lun, 23 nov', 'الاثنين، 23 نوفمبر'])
})
