/** What a report says, before anybody decides how it looks: the same for the screen, PDF, CSV and XLSX. */
import type { LocalDay, Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { ReportDefinition } from './report-definitions.ts'

/**
 * How a cell is meant: `percent` is a share (1 is 100 %), `duration` is minutes, `date` is `YYYY-MM-DD`, `time` is `HH:mm` of
 * the clinic's wall.
 */
export type CellKind = 'text' | 'number' | 'percent' | 'duration' | 'date' | 'time'
/** Text for `text`, `date` and `time`, a number for the rest; null where nothing is known. */
export type ReportCell = string | number | null
export type ReportRow = readonly ReportCell[]

export type ReportColumn = { readonly key: string; readonly label: string; readonly kind: CellKind }

/** A sum or share over all rows; `column` is the key of the column it closes, null where it closes none. */
export type ReportTotal = {
  readonly column: string | null
  readonly label: string
  readonly kind: CellKind
  readonly value: ReportCell
}

export type ReportChart = {
  readonly form: 'bar' | 'line'
  readonly title: string
  readonly kind: CellKind
  readonly points: readonly { readonly label: string; readonly value: number }[]
}

/** Known before the first row. */
export type ReportHead = {
  readonly definition: ReportDefinition
  readonly title: string
  readonly clinicName: string
  /** The filter in words, one statement each. */
  readonly filter: readonly string[]
  readonly asOf: { readonly instant: Instant; readonly zone: Zone; readonly text: string }
  readonly columns: readonly ReportColumn[]
}

/** Known after the last row. */
export type ReportTail = {
  readonly charts: readonly ReportChart[]
  readonly totals: readonly ReportTotal[]
  /** Sentences: above all what was left out, and how often. */
  readonly notes: readonly string[]
}

export type ReportModel = ReportHead & ReportTail & { readonly rows: readonly ReportRow[] }

/** A report whose rows come one by one; `tail` may be asked once they are all taken. */
export type StreamedReport = {
  readonly head: ReportHead
  readonly rows: Iterable<ReportRow> | AsyncIterable<ReportRow>
  readonly tail: () => ReportTail
}

/** Gives the text of a key of the catalogue, with its values filled in. */
export type Translate = (key: `report.${string}`, values?: Readonly<Record<string, string | number>>) => string

/** What a report needs beside the visits; whoever asks has worked it out for the same filter and the same eyes. */
export type ReportMeta = {
  readonly t: Translate
  readonly clinicName: string
  readonly zone: Zone
  readonly asOf: Instant
  /** Names of what the filter lists; an id without a name is shown as it is. */
  readonly names: {
    readonly doctors: ReadonlyMap<string, string>
    readonly types: ReadonlyMap<string, string>
    readonly rooms: ReadonlyMap<string, string>
  }
  /** Sentences of the caller, such as whose visits are seen. */
  readonly notes?: readonly string[]
  /** Of `utilisation`. */
  readonly scheduled?: readonly ScheduledMinutes[]
  /** Of `third-next-available`. */
  readonly availability?: readonly Availability[]
  /** Of `activity`. */
  readonly activity?: readonly ActivityOfDay[]
}

/** How long a doctor's hours are within the days of the report. */
export type ScheduledMinutes = { readonly doctorId: string; readonly doctorName: string; readonly minutes: number }

/** The third free time of a doctor for a type, as of now; null where there are not three within what may be booked. */
export type Availability = {
  readonly doctorName: string
  readonly typeName: string
  readonly thirdNext: Instant | null
}

/** What was done on a day of the clinic, whatever day the visits are on. */
export type ActivityOfDay = {
  readonly day: LocalDay
  readonly booked: number
  readonly moved: number
  readonly cancelled: number
}
