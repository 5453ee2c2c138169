import { minutesBetween } from '#domain/time/instant.ts'
import type { ReportRow } from './report-model.ts'
import type { OpenTally } from './tally.ts'
import type { VisitFact } from './visit-fact.ts'

/** One row for each visit, in the order in which they come. */
export const openAppointmentList: OpenTally = ({ t }) => {
  let visits = 0
  let lengthMinutes = 0
  const column = (key: string, kind: 'text' | 'date' | 'time' | 'duration') =>
    ({ key, label: t(`report.columns.${key}`), kind }) as const
  return {
    columns: [
      column('day', 'date'),
      column('start', 'time'),
      column('length', 'duration'),
      column('doctor', 'text'),
      column('patient', 'text'),
      column('type', 'text'),
      column('room', 'text'),
      column('status', 'text'),
      column('origin', 'text'),
    ],
    add: (fact) => {
      visits += 1
      lengthMinutes += minutesBetween(fact.start, fact.end)
      return toRow(fact, t)
    },
    finish: () => ({
      rows: [],
      charts: [],
      totals: [
        { column: null, label: t('report.columns.visits'), kind: 'number', value: visits },
        { column: 'length', label: t('report.columns.length'), kind: 'duration', value: lengthMinutes },
      ],
      notes: [],
    }),
  }
}

const toRow = (fact: VisitFact, t: Parameters<OpenTally>[0]['t']): ReportRow => [
  fact.localDay,
  fact.localStart,
  minutesBetween(fact.start, fact.end),
  fact.doctorName,
  fact.patientName,
  fact.typeName,
  fact.roomName,
  t(`report.statuses.${fact.status}`),
  t(`report.origins.${fact.origin}`),
]
