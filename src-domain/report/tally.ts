import type { ReportColumn, ReportMeta, ReportRow, ReportTail } from './report-model.ts'
import type { VisitFact } from './visit-fact.ts'

/**
 * A report in the making. It takes one visit at a time and keeps counts, so that the memory of an aggregate depends on its
 * groups and not on the visits; the list answers each visit with its row and keeps none.
 */
export type Tally = {
  readonly columns: readonly ReportColumn[]
  /** @returns the row of this visit, when the report has a row for each */
  readonly add: (fact: VisitFact) => ReportRow | undefined
  /** @returns the rows that were not given by `add`, and what closes the report */
  readonly finish: () => ReportTail & { readonly rows: readonly ReportRow[] }
}

export type OpenTally = (meta: ReportMeta) => Tally
