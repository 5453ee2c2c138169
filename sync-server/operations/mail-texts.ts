/** The words of e-mails, from the catalogue that all parts share. They name the clinic and nothing about anybody's health. */
import i18next from 'i18next'
import en from '#locales/en.json' with { type: 'json' }

export type MailKind = keyof typeof en.mails.kinds
export type MailValues = {
  readonly clinic: string
  readonly link?: string
  readonly code?: string
  readonly minutes?: number
  readonly hours?: number
}

const texts = i18next.createInstance()
// A text that is no page needs no escaping, and an escaped link would not open.
void texts.init({
  lng: 'en',
  resources: { en: { translation: en } },
  initAsync: false,
  interpolation: { escapeValue: false },
})

/** Subject and body of a mail. Line breaks in a value become blanks, so that a name cannot add lines to the text. */
export function mailText(kind: MailKind, values: MailValues): { readonly subject: string; readonly text: string } {
  const plain = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, oneLine(String(value))]))
  const subject = texts.t(`mails.kinds.${kind}.subject`, plain)
  const body = texts.t(`mails.kinds.${kind}.text`, plain)
  return { subject, text: `${body}\n\n${texts.t('mails.closing', plain)}\n` }
}

const oneLine = (value: string): string => value.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()
