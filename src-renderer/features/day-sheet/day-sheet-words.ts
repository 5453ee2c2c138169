import type { TFunction } from 'i18next'
import { DAY_SHEET_COLUMNS, type DaySheetColumn, type DaySheetWords } from '#domain/report/day-sheet.ts'
import { type LocalDay, toLocal, type Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { formatOf } from '#renderer/clinic/format.ts'
import { lookOf } from '#renderer/clinic/look.ts'

export type SheetOccasion = {
  readonly day: LocalDay
  readonly clinicName: string
  readonly zone: Zone
  readonly asOf: Instant
}

/** What a day sheet says in the language of the screen, in the words of the board. */
export function daySheetWords(t: TFunction, language: string, occasion: SheetOccasion): DaySheetWords {
  const { day, clinicName, zone, asOf } = occasion
  const format = formatOf(language, zone)
  const columns = Object.fromEntries(DAY_SHEET_COLUMNS.map((column) => [column, t(`day-sheet.columns.${column}`)]))
  return {
    title: t('day-sheet.title', { day: format.longDay(day) }),
    clinicName,
    asOf: t('report.as-of', { ...toLocal(asOf, zone), zone }),
    columns: columns as Record<DaySheetColumn, string>,
    status: (visit) => t(`status.${lookOf(visit)}`),
    birthDate: format.birthDate,
    heading: (doctor, count) => t('day-sheet.heading', { doctor: doctor || t('day-sheet.unknown-doctor'), count }),
  }
}
