/** The one way from visits to a report, on the server and on the desktop. Totals are made of what the rows are made of. */
import { toLocal } from '#domain/time/clinic-time.ts'
import { openActivity } from './activity.ts'
import { openAppointmentList } from './appointment-list.ts'
import { openCountByDoctor, openCountByStatus, openCountByType } from './count-by.ts'
import { filterInWords } from './filter-in-words.ts'
import { openNoShowByLeadTime, openReminderEffect } from './no-show-rate.ts'
import type { ReportDefinition } from './report-definitions.ts'
import { matchesFilter, type ReportFilter } from './report-filter.ts'
import type { ReportHead, ReportMeta, ReportModel, ReportRow, ReportTail, StreamedReport } from './report-model.ts'
import type { OpenTally } from './tally.ts'
import { openThirdNextAvailable } from './third-next-available.ts'
import { openUtilisation } from './utilisation.ts'
import type { VisitFact } from './visit-fact.ts'
import { openWaitingTime } from './waiting-time.ts'

const TALLIES: Readonly<Record<ReportDefinition, OpenTally>> = {
  appointments: openAppointmentList,
  'appointments-by-doctor': openCountByDoctor,
  'appointments-by-status': openCountByStatus,
  'appointments-by-type': openCountByType,
  utilisation: openUtilisation,
  'no-show-by-lead-time': openNoShowByLeadTime,
  'waiting-time': openWaitingTime,
  'third-next-available': openThirdNextAvailable,
  'reminder-effect': openReminderEffect,
  activity: openActivity,
}

export type ReportBuilder = {
  readonly head: ReportHead
  /** Takes one visit; one that the filter does not match changes nothing. Answers its row where each visit has one. */
  readonly add: (fact: VisitFact) => ReportRow | undefined
  /** The rows that `add` did not give, and the end of the report. */
  readonly finish: () => ReportTail & { readonly rows: readonly ReportRow[] }
}

/** Begins a report of visits that come one by one, in any order. */
export function openReport(definition: ReportDefinition, filter: ReportFilter, meta: ReportMeta): ReportBuilder {
  const tally = TALLIES[definition](meta)
  return {
    head: headOf(definition, filter, meta, tally.columns),
    add: (fact) => (matchesFilter(filter, fact) ? tally.add(fact) : undefined),
    finish: () => {
      const closed = tally.finish()
      return { ...closed, notes: [...(meta.notes ?? []), ...closed.notes] }
    },
  }
}

/** The whole report of visits that are in memory. */
export function buildReport(
  definition: ReportDefinition,
  filter: ReportFilter,
  facts: Iterable<VisitFact>,
  meta: ReportMeta,
): ReportModel {
  const builder = openReport(definition, filter, meta)
  const rows: ReportRow[] = []
  for (const fact of facts) {
    const row = builder.add(fact)
    if (row) rows.push(row)
  }
  const closed = builder.finish()
  return { ...builder.head, ...closed, rows: [...rows, ...closed.rows] }
}

/** The report of visits that are still being read. Its rows can be taken once; its tail is there after the last of them. */
export function streamReport(
  definition: ReportDefinition,
  filter: ReportFilter,
  facts: AsyncIterable<VisitFact>,
  meta: ReportMeta,
): StreamedReport {
  const builder = openReport(definition, filter, meta)
  let tail: ReportTail | undefined
  async function* rows(): AsyncGenerator<ReportRow> {
    for await (const fact of facts) {
      const row = builder.add(fact)
      if (row) yield row
    }
    const closed = builder.finish()
    tail = closed
    yield* closed.rows
  }
  return {
    head: builder.head,
    rows: rows(),
    tail: () => {
      if (!tail) throw new Error('The rows of the report are not all taken yet')
      return tail
    },
  }
}

function headOf(
  definition: ReportDefinition,
  filter: ReportFilter,
  meta: ReportMeta,
  columns: ReportHead['columns'],
): ReportHead {
  const { day, time } = toLocal(meta.asOf, meta.zone)
  return {
    definition,
    title: meta.t(`report.titles.${definition}`),
    clinicName: meta.clinicName,
    filter: filterInWords(definition, filter, meta),
    asOf: {
      instant: meta.asOf,
      zone: meta.zone,
      text: meta.t('report.as-of', { day, time, zone: meta.zone }),
    },
    columns,
  }
}
