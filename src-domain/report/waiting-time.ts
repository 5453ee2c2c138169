import { MINUTE_MS } from '#domain/time/instant.ts'
import type { ReportMeta } from './report-model.ts'
import type { OpenTally } from './tally.ts'

type Waits = { readonly name: string; readonly minutes: number[] }

/** From a patient's arrival to the start in the room, by doctor. Visits without both marks in that order are left out. */
export const openWaitingTime: OpenTally = (meta) => {
  const waits = new Map<string, Waits>()
  let leftOut = 0
  return {
    columns: [
      { key: 'doctor', label: meta.t('report.columns.doctor'), kind: 'text' },
      { key: 'visits', label: meta.t('report.columns.visits'), kind: 'number' },
      { key: 'median', label: meta.t('report.columns.median-wait'), kind: 'duration' },
      { key: 'p90', label: meta.t('report.columns.p90-wait'), kind: 'duration' },
    ],
    add: ({ doctorId, doctorName, arrivedAt, startedAt }) => {
      if (arrivedAt === null || startedAt === null || startedAt < arrivedAt) {
        leftOut += 1
        return undefined
      }
      const ofDoctor = waits.get(doctorId) ?? { name: doctorName, minutes: [] }
      waits.set(doctorId, ofDoctor)
      ofDoctor.minutes.push((startedAt - arrivedAt) / MINUTE_MS)
      return undefined
    },
    finish: () => closing(meta, [...waits.values()], leftOut),
  }
}

function closing(
  { t }: ReportMeta,
  waits: readonly Waits[],
  leftOut: number,
): ReturnType<ReturnType<OpenTally>['finish']> {
  const sorted = waits.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const rows = sorted.map(
    ({ name, minutes }) => [name, minutes.length, median(minutes), percentile(minutes, 0.9)] as const,
  )
  const all = sorted.flatMap(({ minutes }) => minutes)
  return {
    rows,
    charts: [
      {
        form: 'bar',
        title: t('report.columns.median-wait'),
        kind: 'duration',
        points: rows.map(([name, , middle]) => ({ label: name, value: middle ?? 0 })),
      },
    ],
    totals: [
      { column: 'visits', label: t('report.columns.visits'), kind: 'number', value: all.length },
      { column: 'median', label: t('report.columns.median-wait'), kind: 'duration', value: median(all) },
      { column: 'p90', label: t('report.columns.p90-wait'), kind: 'duration', value: percentile(all, 0.9) },
    ],
    notes: leftOut > 0 ? [t('report.notes.without-wait', { count: leftOut })] : [],
  }
}

/** The middle value, or the mean of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

/** The smallest value that is not below `part` of all values (nearest rank); null of none. */
export function percentile(values: readonly number[], part: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null
}
