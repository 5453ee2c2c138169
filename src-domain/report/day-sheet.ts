/** A day of the clinic for paper: a table for each doctor. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { DoctorId, RoomId } from '#domain/ids.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import type { DayListSource } from './day-list-csv.ts'
import type { ReportColumn, ReportRow } from './report-model.ts'

export const DAY_SHEET_COLUMNS = ['time', 'patient', 'birthDate', 'type', 'status', 'room', 'note', 'arrival'] as const
export type DaySheetColumn = (typeof DAY_SHEET_COLUMNS)[number]

export type DaySheetSource = DayListSource & { readonly rooms: ReadonlyMap<RoomId, { readonly name: string }> }

/** Everything that is said in the language of the reader. */
export type DaySheetWords = {
  readonly title: string
  readonly clinicName: string
  /** When what the sheet says was so. */
  readonly asOf: string
  readonly columns: Readonly<Record<DaySheetColumn, string>>
  readonly status: (visit: Appointment) => string
  readonly birthDate: (day: string) => string
  /** What stands above the visits of a doctor; the name is empty where this computer does not know it. */
  readonly heading: (doctorName: string, visits: number) => string
}

export type DaySheetSection = { readonly heading: string; readonly rows: readonly ReportRow[] }

export type DaySheet = Pick<DaySheetWords, 'title' | 'clinicName' | 'asOf'> & {
  readonly columns: readonly ReportColumn[]
  /** In the order of the board; a doctor without visits has none. */
  readonly sections: readonly DaySheetSection[]
}

/** Paper has no room for more of what was written down, and a row must fit on a page. */
const LONGEST_NOTE = 160
/** Left out where no visit of the day has one, which gives the others more room. */
const WHERE_KNOWN: ReadonlySet<DaySheetColumn> = new Set(['room', 'note'])
const KINDS = { time: 'time', birthDate: 'date', arrival: 'time' } as const satisfies Partial<
  Record<DaySheetColumn, ReportColumn['kind']>
>

type Cells = Readonly<Record<DaySheetColumn, string>>

/** Every visit of the day in every status, by doctor and then by start, in wall times of the visit's own zone. */
export function daySheet(source: DaySheetSource, words: DaySheetWords): DaySheet {
  const visits = source.appointments
    .filter(({ localDay }) => localDay === source.day)
    .toSorted((a, b) => a.start - b.start || compare(a.id, b.id))
  const groups = [...Map.groupBy(visits, ({ doctorId }) => doctorId)]
    .toSorted(([a], [b]) => placeOf(a, source) - placeOf(b, source) || compare(a, b))
    .map(([doctorId, own]) => ({ doctorId, cells: own.map((visit) => toCells(visit, source, words)) }))
  const all = groups.flatMap(({ cells }) => cells)
  const keys = DAY_SHEET_COLUMNS.filter((key) => !WHERE_KNOWN.has(key) || all.some((cells) => cells[key] !== ''))
  return {
    title: words.title,
    clinicName: words.clinicName,
    asOf: words.asOf,
    columns: keys.map((key) => ({ key, label: words.columns[key], kind: kindOf(key) })),
    sections: groups.map(({ doctorId, cells }) => ({
      heading: words.heading(source.doctors.get(doctorId)?.name ?? '', cells.length),
      rows: cells.map((row) => keys.map((key) => row[key])),
    })),
  }
}

function toCells(visit: Appointment, source: DaySheetSource, words: DaySheetWords): Cells {
  const patient = source.patients.get(visit.patientId)
  const birthDate = patient?.birthDate
  return {
    time: `${visit.localStart}–${toLocal(visit.end, visit.zone).time}`,
    patient: patient?.name ?? '',
    birthDate: birthDate ? words.birthDate(birthDate) : '',
    type: source.types.get(visit.typeId)?.name ?? '',
    status: words.status(visit),
    room: visit.roomId === null ? '' : (source.rooms.get(visit.roomId)?.name ?? ''),
    note: shortened([visit.reason, visit.note].filter(Boolean).join(' · ')),
    arrival: visit.arrivedAt === null ? '' : toLocal(visit.arrivedAt, visit.zone).time,
  }
}

function shortened(text: string): string {
  const characters = [...text]
  return characters.length <= LONGEST_NOTE ? text : `${characters.slice(0, LONGEST_NOTE - 1).join('')}…`
}

const kindOf = (key: DaySheetColumn): ReportColumn['kind'] => (key in KINDS ? KINDS[key as keyof typeof KINDS] : 'text')

const placeOf = (id: DoctorId, { doctors }: DaySheetSource): number =>
  doctors.get(id)?.position ?? Number.MAX_SAFE_INTEGER

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
