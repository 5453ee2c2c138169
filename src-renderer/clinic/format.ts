/**
 * Times and days as people read them. Always of the clinic's zone or of a calendar day; the device's zone is never used.
 * Formatters are made once per language: a call then costs microseconds.
 */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { intlTag } from '#domain/language/languages.ts'
import { type LocalDay, toLocal, type Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { useLocalDb } from '#renderer/local-db/local-db-context.tsx'

export type Format = {
  /** `14:15` */
  readonly time: (instant: Instant) => string
  /** `Mon 23 Nov` */
  readonly day: (day: LocalDay) => string
  /** `Monday` */
  readonly weekday: (day: LocalDay) => string
  /** `Monday 23 November 2026` */
  readonly longDay: (day: LocalDay) => string
  /** `November 2026` */
  readonly month: (day: LocalDay) => string
  /** `Mon` */
  readonly shortWeekday: (day: LocalDay) => string
  /** `3 Mar 1971`: what a person says when asked for the birth date. */
  readonly birthDate: (day: LocalDay) => string
  /** `Mon 23 Nov 14:15` */
  readonly moment: (instant: Instant) => string
}

const FORMS = {
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  weekday: { weekday: 'long' },
  longDay: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  month: { month: 'long', year: 'numeric' },
  shortWeekday: { weekday: 'short' },
  birthDate: { day: 'numeric', month: 'short', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

const made = new Map<string, Format>()

/** Formats of the language and zone; the same object for the same pair. */
export function formatOf(language: string, zone: Zone): Format {
  const key = `${language} ${zone}`
  const known = made.get(key)
  if (known) return known
  const ofDay = (form: Intl.DateTimeFormatOptions) => {
    // A calendar day has no zone: it is read and written as UTC.
    const formatter = new Intl.DateTimeFormat(intlTag(language), { ...form, timeZone: 'UTC' })
    return (day: LocalDay) => formatter.format(Date.parse(`${day}T00:00:00Z`)).replace(',', '')
  }
  const time = (instant: Instant) => toLocal(instant, zone).time
  const day = ofDay(FORMS.day)
  const format: Format = {
    time,
    day,
    weekday: ofDay(FORMS.weekday),
    longDay: ofDay(FORMS.longDay),
    month: ofDay(FORMS.month),
    shortWeekday: ofDay(FORMS.shortWeekday),
    birthDate: ofDay(FORMS.birthDate),
    moment: (instant) => `${day(toLocal(instant, zone).day)} ${time(instant)}`,
  }
  made.set(key, format)
  return format
}

export function useFormat(): Format {
  const { i18n } = useTranslation()
  const { user } = useLocalDb()
  return useMemo(() => formatOf(i18n.language, user.clinic.zone), [i18n.language, user.clinic.zone])
}
