import { daysBetween, localDayOf } from '#domain/time/clinic-time.ts'
import { addOutcome, hasOutcome, type Outcomes, share, sumOf } from './outcome.ts'
import type { ReportMeta } from './report-model.ts'
import type { OpenTally, Tally } from './tally.ts'
import type { VisitFact } from './visit-fact.ts'

/** Lead times in calendar days of the clinic, from the booking to the visit; the last bucket has no end. */
export const LEAD_BUCKETS = [
  { name: '0', from: 0 },
  { name: '1-3', from: 1 },
  { name: '4-7', from: 4 },
  { name: '8-14', from: 8 },
  { name: '15-30', from: 15 },
  { name: '31+', from: 31 },
] as const

/** How often patients do not come, by how long before the visit it was booked. */
export const openNoShowByLeadTime: OpenTally = (meta) => {
  const names = LEAD_BUCKETS.map(({ name }) => meta.t('report.lead-days', { days: name }))
  const bucketOf = ({ createdAt, localDay }: VisitFact): number => {
    const lead = daysBetween(localDayOf(createdAt, meta.zone), localDay)
    return LEAD_BUCKETS.findLastIndex(({ from }) => from <= lead)
  }
  return rateBy(meta, { column: 'lead-time', names, bucketOf })
}

/** How often patients do not come, by whether they were reminded. */
export const openReminderEffect: OpenTally = (meta) => {
  const names = [meta.t('report.reminded'), meta.t('report.not-reminded')]
  return rateBy(meta, { column: 'reminder', names, bucketOf: ({ wasReminded }) => (wasReminded ? 0 : 1) })
}

type Buckets = {
  readonly column: 'lead-time' | 'reminder'
  readonly names: readonly string[]
  /** -1 for a visit that belongs to none: one that was entered after its day. */
  readonly bucketOf: (fact: VisitFact) => number
}

function rateBy({ t }: ReportMeta, { column, names, bucketOf }: Buckets): Tally {
  const buckets: Outcomes[] = names.map(() => ({ visits: 0, noShows: 0 }))
  let isOpen = 0
  let isLate = 0
  const label = (key: string) => t(`report.columns.${key}`)
  return {
    columns: [
      { key: column, label: label(column), kind: 'text' },
      { key: 'visits', label: label('visits'), kind: 'number' },
      { key: 'no-shows', label: label('no-shows'), kind: 'number' },
      { key: 'rate', label: label('no-show-rate'), kind: 'percent' },
    ],
    add: (fact) => {
      const bucket = hasOutcome(fact) ? buckets[bucketOf(fact)] : undefined
      if (bucket) addOutcome(bucket, fact)
      else if (hasOutcome(fact)) isLate += 1
      else isOpen += 1
      return undefined
    },
    finish: () => {
      const sum = sumOf(buckets)
      const rates = buckets.map(({ visits, noShows }) => share(noShows, visits))
      return {
        rows: buckets.map(({ visits, noShows }, index) => [names[index] ?? '', visits, noShows, rates[index] ?? null]),
        charts: [
          {
            form: 'bar',
            title: label('no-show-rate'),
            kind: 'percent',
            points: names.map((name, index) => ({ label: name, value: rates[index] ?? 0 })),
          },
        ],
        totals: [
          { column: 'visits', label: label('visits'), kind: 'number', value: sum.visits },
          { column: 'no-shows', label: label('no-shows'), kind: 'number', value: sum.noShows },
          { column: 'rate', label: label('no-show-rate'), kind: 'percent', value: share(sum.noShows, sum.visits) },
        ],
        notes: [
          ...(isOpen > 0 ? [t('report.notes.without-outcome', { count: isOpen })] : []),
          ...(isLate > 0 ? [t('report.notes.entered-late', { count: isLate })] : []),
        ],
      }
    },
  }
}
