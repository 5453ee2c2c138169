import type { ReportDefinition } from './report-definitions.ts'
import type { ReportFilter } from './report-filter.ts'
import type { ReportMeta } from './report-model.ts'

/** One statement for the days and for each thing that narrows the report. */
export function filterInWords(definition: ReportDefinition, filter: ReportFilter, meta: ReportMeta): string[] {
  const { t, names } = meta
  const { from, until, doctorIds, typeIds, roomIds, statuses } = filter
  const listed = (key: string, ids: readonly string[] | undefined, known: ReadonlyMap<string, string>): string[] =>
    ids ? [t(`report.filter.${key}`, { names: ids.map((id) => known.get(id) ?? id).join(', ') })] : []
  const statusNames = new Map(statuses?.map((status) => [status, t(`report.statuses.${status}`)]))
  return [
    ...(definition === 'third-next-available' ? [] : [t('report.filter.days', { from, until })]),
    ...listed('doctors', doctorIds, names.doctors),
    ...listed('types', typeIds, names.types),
    ...listed('rooms', roomIds, names.rooms),
    ...listed('statuses', statuses, statusNames),
  ]
}
