/** The words of reports, from the catalogue that all parts share. */
import i18next from 'i18next'
import type { Translate } from '#domain/report/report-model.ts'
import en from '#locales/en.json' with { type: 'json' }

const texts = i18next.createInstance()
// A report is no page: its writers escape what their format asks for.
void texts.init({
  lng: 'en',
  resources: { en: { translation: en } },
  initAsync: false,
  interpolation: { escapeValue: false },
})

export const reportText: Translate = (key, values) => texts.t(key as 'report.reminded', { ...values })
