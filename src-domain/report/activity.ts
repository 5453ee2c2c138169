import type { ActivityOfDay } from './report-model.ts'
import type { OpenTally } from './tally.ts'

const DEEDS = ['booked', 'moved', 'cancelled'] as const satisfies readonly (keyof ActivityOfDay)[]

/** How much was booked, moved and cancelled on each day of the period. */
export const openActivity: OpenTally = ({ t, activity = [] }) => {
  const label = (key: string) => t(`report.columns.${key}`)
  const sorted = activity.toSorted((a, b) => (a.day < b.day ? -1 : 1))
  return {
    columns: [
      { key: 'day', label: label('day'), kind: 'date' },
      ...DEEDS.map((deed) => ({ key: deed, label: label(deed), kind: 'number' as const })),
    ],
    add: () => undefined,
    finish: () => ({
      rows: sorted.map(({ day, booked, moved, cancelled }) => [day, booked, moved, cancelled]),
      charts: DEEDS.map((deed) => ({
        form: 'line',
        title: label(deed),
        kind: 'number',
        points: sorted.map((each) => ({ label: each.day, value: each[deed] })),
      })),
      totals: DEEDS.map((deed) => ({
        column: deed,
        label: label(deed),
        kind: 'number',
        value: sorted.reduce((sum, each) => sum + each[deed], 0),
      })),
      notes: [],
    }),
  }
}
