import { daysBetween, localDayOf, toLocal } from '#domain/time/clinic-time.ts'
import type { Availability, ReportMeta, ReportRow } from './report-model.ts'
import type { OpenTally } from './tally.ts'
import { median } from './waiting-time.ts'

/**
 * Days until the third free time of each doctor and type: the usual measure of access, since the first may be a cancellation
 * of a minute ago (IHI, Third Next Available Appointment). It is a look ahead from now, so no period narrows it.
 */
export const openThirdNextAvailable: OpenTally = (meta) => {
  const { t, availability = [] } = meta
  return {
    columns: [
      { key: 'doctor', label: t('report.columns.doctor'), kind: 'text' },
      { key: 'type', label: t('report.columns.type'), kind: 'text' },
      { key: 'day', label: t('report.columns.day'), kind: 'date' },
      { key: 'start', label: t('report.columns.start'), kind: 'time' },
      { key: 'days', label: t('report.columns.days-until'), kind: 'number' },
    ],
    add: () => undefined,
    finish: () => {
      const rows = availability.map((each) => toRow(each, meta))
      const days = rows.map((row) => row[4]).filter((value) => typeof value === 'number')
      const without = rows.length - days.length
      return {
        rows,
        charts: [],
        totals: [{ column: 'days', label: t('report.columns.median-days'), kind: 'number', value: median(days) }],
        notes: [
          t('report.notes.looks-ahead'),
          ...(without > 0 ? [t('report.notes.without-third', { count: without })] : []),
        ],
      }
    },
  }
}

function toRow({ doctorName, typeName, thirdNext }: Availability, { zone, asOf }: ReportMeta): ReportRow {
  if (thirdNext === null) return [doctorName, typeName, null, null, null]
  const { day, time } = toLocal(thirdNext, zone)
  return [doctorName, typeName, day, time, daysBetween(localDayOf(asOf, zone), day)]
}
