import { minutesBetween } from '#domain/time/instant.ts'
import { share } from './outcome.ts'
import type { ReportMeta } from './report-model.ts'
import type { OpenTally, Tally } from './tally.ts'
import type { VisitFact } from './visit-fact.ts'

type Group = { readonly name: string; visits: number; lengthMinutes: number }
type Grouping = (fact: VisitFact, t: ReportMeta['t']) => { readonly key: string; readonly name: string }

export const openCountByDoctor: OpenTally = (meta) =>
  countBy(meta, 'doctor', ({ doctorId, doctorName }) => ({ key: doctorId, name: doctorName }))

export const openCountByStatus: OpenTally = (meta) =>
  countBy(meta, 'status', ({ status }, t) => ({ key: status, name: t(`report.statuses.${status}`) }))

export const openCountByType: OpenTally = (meta) =>
  countBy(meta, 'type', ({ typeId, typeName }) => ({ key: typeId, name: typeName }))

/** Visits, their share and their length by what they have in common, the largest group first. */
function countBy({ t }: ReportMeta, column: 'doctor' | 'status' | 'type', grouping: Grouping): Tally {
  const groups = new Map<string, Group>()
  const label = (key: string) => t(`report.columns.${key}`)
  return {
    columns: [
      { key: column, label: label(column), kind: 'text' },
      { key: 'visits', label: label('visits'), kind: 'number' },
      { key: 'share', label: label('share'), kind: 'percent' },
      { key: 'length', label: label('length'), kind: 'duration' },
    ],
    add: (fact) => {
      const { key, name } = grouping(fact, t)
      const group = groups.get(key) ?? { name, visits: 0, lengthMinutes: 0 }
      groups.set(key, group)
      group.visits += 1
      group.lengthMinutes += minutesBetween(fact.start, fact.end)
      return undefined
    },
    finish: () => {
      const sorted = [...groups.values()].sort((a, b) => b.visits - a.visits || (a.name < b.name ? -1 : 1))
      const visits = sorted.reduce((sum, group) => sum + group.visits, 0)
      const lengthMinutes = sorted.reduce((sum, group) => sum + group.lengthMinutes, 0)
      const points = sorted.map((group) => ({ label: group.name, value: group.visits }))
      return {
        rows: sorted.map((group) => [group.name, group.visits, share(group.visits, visits), group.lengthMinutes]),
        charts: [{ form: 'bar', title: label('visits'), kind: 'number', points }],
        totals: [
          { column: 'visits', label: label('visits'), kind: 'number', value: visits },
          { column: 'length', label: label('length'), kind: 'duration', value: lengthMinutes },
        ],
        notes: [],
      }
    },
  }
}
