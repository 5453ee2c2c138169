/** A report of what this computer holds, through the same model as the server's. */
import { can, type Subject } from '#domain/access/can.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import { buildReport } from '#domain/report/build-report.ts'
import type { ReportDefinition } from '#domain/report/report-definitions.ts'
import type { ReportFilter } from '#domain/report/report-filter.ts'
import type { ReportMeta, ReportModel, ScheduledMinutes, Translate } from '#domain/report/report-model.ts'
import type { VisitFact } from '#domain/report/visit-fact.ts'
import { workingHoursBetween } from '#domain/schedule/working-hours.ts'
import { addDays } from '#domain/time/clinic-time.ts'
import { type Instant, minutesBetween } from '#domain/time/instant.ts'
import { type Desk, subjectOf } from '#renderer/local-db/desk.ts'
import {
  allAppointmentTypes,
  allDoctors,
  allRooms,
  allTemplates,
  appointmentsBetween,
  readAll,
  schedulesBetween,
} from '#renderer/local-db/queries.ts'

export type ReportQuestion = { readonly definition: ReportDefinition; readonly filter: ReportFilter }

export type LocalContext = {
  readonly desk: Pick<Desk, 'database' | 'user'>
  readonly asOf: Instant
  readonly t: Translate
  /** Empty for a patient who is not on this computer. */
  readonly patientName: (id: PatientId) => string
}

/** Both are needed, as on the server: the one to make reports, the other to see what they are made of. */
const NEEDED = ['view-reports', 'view-appointments'] as const

/** The whole report; the caller has asked `refusalHere` first. */
export async function localReport(question: ReportQuestion, context: LocalContext): Promise<ReportModel> {
  const { definition, filter } = question
  const { desk, t, asOf } = context
  const { user, database } = desk
  const subject = subjectOf(user)
  const names = await readNames(desk)
  const visits = await readAll(appointmentsBetween(database, filter.from, filter.until))
  const isSeen = (visit: Appointment): boolean => NEEDED.every((permission) => can(subject, permission, visit))
  const facts = visits.filter(isSeen).sort(byTime).map(toFact(names, context.patientName))
  const meta: ReportMeta = {
    t,
    asOf,
    names,
    clinicName: user.clinic.name,
    zone: user.clinic.zone,
    notes: seesClinic(subject) ? [] : [t('report.notes.own-visits')],
    ...(definition === 'utilisation' && { scheduled: await scheduledHere(desk, subject, filter) }),
  }
  return buildReport(definition, filter, facts, meta)
}

async function readNames({ database }: LocalContext['desk']): Promise<ReportMeta['names']> {
  const [doctors, types, rooms] = await Promise.all([
    readAll(allDoctors(database)),
    readAll(allAppointmentTypes(database)),
    readAll(allRooms(database)),
  ])
  const byId = (rows: readonly { readonly id: string; readonly name: string }[]) =>
    new Map(rows.map(({ id, name }) => [id, name]))
  return { doctors: byId(doctors), types: byId(types), rooms: byId(rooms) }
}

/** The order of the server's rows. */
const byTime = (a: Appointment, b: Appointment): number =>
  compare(a.localDay, b.localDay) || a.start - b.start || compare(a.id, b.id)

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

const toFact =
  (names: ReportMeta['names'], patientName: LocalContext['patientName']) =>
  (visit: Appointment): VisitFact => ({
    ...visit,
    doctorName: names.doctors.get(visit.doctorId) ?? '',
    patientName: patientName(visit.patientId),
    typeName: names.types.get(visit.typeId) ?? '',
    roomName: names.rooms.get(visit.roomId ?? '') ?? '',
    // Reminders are known to the server alone; the report that counts them is not made here.
    wasReminded: false,
  })

/** Exceptions of days around still reach into a period, in whatever zone they were written. */
const DAYS_AROUND = 4

/** How long each doctor's hours are on the days of the filter, in the order of the board. */
async function scheduledHere(
  { database }: LocalContext['desk'],
  subject: Subject,
  { from, until, doctorIds }: ReportFilter,
): Promise<ScheduledMinutes[]> {
  const [everybody, templates, schedules] = await Promise.all([
    readAll(allDoctors(database)),
    readAll(allTemplates(database)),
    readAll(schedulesBetween(database, addDays(from, -DAYS_AROUND), addDays(until, DAYS_AROUND))),
  ])
  const doctors = everybody
    .filter(({ id, isActive }) => isActive && (!doctorIds || doctorIds.includes(id)))
    .filter(({ id, clinicId }) => can(subject, 'view-reports', { clinicId, doctorId: id }))
    .sort((a, b) => a.position - b.position)
  return doctors.map(({ id, name }) => {
    const own = <Row extends { readonly doctorId: string }>(rows: readonly Row[]) =>
      rows.filter(({ doctorId }) => doctorId === id)
    const hours = workingHoursBetween({ from, until, templates: own(templates), schedules: own(schedules) })
    const minutes = hours.reduce((sum, { start, end }) => sum + minutesBetween(start, end), 0)
    return { doctorId: id, doctorName: name, minutes }
  })
}

const seesClinic = ({ grants }: Subject): boolean =>
  NEEDED.every((permission) => grants.some((grant) => grant.permission === permission && grant.scope === 'clinic'))
