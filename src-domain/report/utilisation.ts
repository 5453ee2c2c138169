import { holdsTime } from '#domain/appointment/appointment-status.ts'
import { minutesBetween } from '#domain/time/instant.ts'
import { share } from './outcome.ts'
import type { ReportMeta, ReportTail } from './report-model.ts'
import type { OpenTally } from './tally.ts'

type Load = { readonly name: string; scheduled: number; booked: number; missed: number }

/**
 * Booked minutes by scheduled minutes of each doctor. A session of a group counts once, however many patients it has. Time of
 * patients who did not come was booked and is shown beside; what was cancelled or never had a time is left out and counted.
 */
export const openUtilisation: OpenTally = (meta) => {
  const loads = new Map<string, Load>()
  /** Each session, and whether nobody has come to it so far. */
  const sessions = new Map<string, boolean>()
  let leftOut = 0
  const loadOf = (id: string, name: string): Load => {
    const load = loads.get(id) ?? { name, scheduled: 0, booked: 0, missed: 0 }
    loads.set(id, load)
    return load
  }
  for (const { doctorId, doctorName, minutes } of meta.scheduled ?? [])
    loadOf(doctorId, doctorName).scheduled += minutes
  return {
    columns: [
      { key: 'doctor', label: meta.t('report.columns.doctor'), kind: 'text' },
      { key: 'scheduled', label: meta.t('report.columns.scheduled'), kind: 'duration' },
      { key: 'booked', label: meta.t('report.columns.booked-time'), kind: 'duration' },
      { key: 'missed', label: meta.t('report.columns.missed-time'), kind: 'duration' },
      { key: 'utilisation', label: meta.t('report.columns.utilisation'), kind: 'percent' },
    ],
    add: ({ doctorId, doctorName, typeId, start, end, status }) => {
      if (!holdsTime(status) && status !== 'noshow') {
        leftOut += 1
        return undefined
      }
      const load = loadOf(doctorId, doctorName)
      const session = `${doctorId} ${typeId} ${start} ${end}`
      const wasMissed = sessions.get(session)
      const isMissed = status === 'noshow' && wasMissed !== false
      sessions.set(session, isMissed)
      const length = minutesBetween(start, end)
      if (wasMissed === undefined) load.booked += length
      if (isMissed !== (wasMissed ?? false)) load.missed += isMissed ? length : -length
      return undefined
    },
    finish: () => closing(meta, [...loads.values()], leftOut),
  }
}

function closing(
  { t }: ReportMeta,
  loads: readonly Load[],
  leftOut: number,
): ReturnType<ReturnType<OpenTally>['finish']> {
  const sorted = loads.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const sum = (field: 'scheduled' | 'booked' | 'missed') => sorted.reduce((total, load) => total + load[field], 0)
  const shares = sorted.map((load) => share(load.booked, load.scheduled))
  const hasNoHours = sorted.filter((load, index) => shares[index] === null && load.booked > 0).length
  const tail: ReportTail = {
    charts: [
      {
        form: 'bar',
        title: t('report.columns.utilisation'),
        kind: 'percent',
        points: sorted.map(({ name }, index) => ({ label: name, value: shares[index] ?? 0 })),
      },
    ],
    totals: [
      { column: 'scheduled', label: t('report.columns.scheduled'), kind: 'duration', value: sum('scheduled') },
      { column: 'booked', label: t('report.columns.booked-time'), kind: 'duration', value: sum('booked') },
      { column: 'missed', label: t('report.columns.missed-time'), kind: 'duration', value: sum('missed') },
      {
        column: 'utilisation',
        label: t('report.columns.utilisation'),
        kind: 'percent',
        value: share(sum('booked'), sum('scheduled')),
      },
    ],
    notes: [
      ...(leftOut > 0 ? [t('report.notes.without-time', { count: leftOut })] : []),
      ...(hasNoHours > 0 ? [t('report.notes.without-hours', { count: hasNoHours })] : []),
    ],
  }
  const rows = sorted.map((load, index) => [load.name, load.scheduled, load.booked, load.missed, shares[index] ?? null])
  return { ...tail, rows }
}
