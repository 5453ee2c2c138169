/**
 * The mapping `vitoria-no-show`: files in the shape of the public data set "Medical Appointment No Shows" (Vitória, Brazil).
 *
 * What it takes from a row, and what it makes of it:
 * - The zone is America/Sao_Paulo. The day of the visit is the text of `AppointmentDay` before `T`; the `Z` behind it is false.
 *   `ScheduledDay` is wall-clock time of that zone too and becomes the moment of booking.
 * - No times of day are given: each neighbourhood becomes a location with as many doctors as its visits need at 15 minutes
 *   each from 08:00 to 18:00, filled in file order (see day-filler).
 * - A patient is (id, gender, age, neighbourhood), because the ids were rounded by a spreadsheet and several people share one.
 *   The name is `Patient <id>`, the birth date unknown; the age is kept with the visit.
 * - `No-show` Yes becomes `noshow`, No becomes `fulfilled`.
 * - `AppointmentID` tells visits apart; a second row with the same one is reported. All other columns are left where they are.
 */
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentTypeId, ClinicId, LocationId } from '#domain/ids.ts'
import type { Doctor, Patient } from '#domain/people/people-schemas.ts'
import type { LocationRow } from '#domain/schedule/location.ts'
import type { Schedule } from '#domain/schedule/schedule-schemas.ts'
import { type LocalDay, timeOfMinute, toInstantChoosing, type Zone } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { DAY_END_MINUTE, DAY_START_MINUTE, dayFiller, type Place, SLOT_MINUTES } from './day-filler.ts'
import {
  contentIds,
  type ImportContext,
  type ImportMapping,
  type ImportPlan,
  type ImportProblem,
  type ImportRow,
  type PlannedAppointment,
} from './import-plan.ts'
import { parseVitoriaRow, VITORIA_COLUMNS, type VitoriaVisit } from './vitoria-row.ts'

const NAME = 'vitoria-no-show'
const ZONE: Zone = 'America/Sao_Paulo'

export const vitoriaNoShow: ImportMapping = {
  name: NAME,
  columns: VITORIA_COLUMNS,
  summary:
    'Visits of the public clinics of Vitória: the day alone is known, so times are given in file order, 15 minutes each from 08:00; a neighbourhood becomes a location.',
  plan: planVitoria,
}

type Placed = { readonly visit: VitoriaVisit; readonly place: Place }

function planVitoria(rows: readonly ImportRow[], context: ImportContext): ImportPlan {
  const problems: ImportProblem[] = []
  const visits = parseAll(rows, problems)
  const placed = placeAll(visits, problems)
  const documents = documentMaker(context)
  const appointments = placed.map((one) => documents.appointment(one))
  return { ...documents.made(), appointments, problems: problems.sort((a, b) => a.line - b.line) }
}

function parseAll(rows: readonly ImportRow[], problems: ImportProblem[]): VitoriaVisit[] {
  const seen = new Set<string>()
  return rows.flatMap((row) => {
    const parsed = parseVitoriaRow(row)
    if (!parsed.ok) {
      problems.push(parsed.problem)
      return []
    }
    if (seen.has(parsed.visit.appointmentKey)) {
      problems.push({ line: row.line, field: 'AppointmentID', reason: 'duplicate-row' })
      return []
    }
    seen.add(parsed.visit.appointmentKey)
    return [parsed.visit]
  })
}

function placeAll(visits: readonly VitoriaVisit[], problems: ImportProblem[]): Placed[] {
  const fillers = new Map<string, ReturnType<typeof dayFiller>>()
  return visits.flatMap((visit) => {
    const key = `${visit.day} ${visit.neighbourhood}`
    const filler = fillers.get(key) ?? dayFiller(visit.day)
    fillers.set(key, filler)
    const place = filler.place(visit.patientKey.join('\n'))
    if (place) return [{ visit, place }]
    problems.push({ line: visit.line, field: 'AppointmentDay', reason: 'no-free-time-that-day' })
    return []
  })
}

/** Makes each document the first time it is asked for and keeps the order of first use. */
function documentMaker(context: ImportContext) {
  const { clinicId } = context
  const idOf = contentIds(context, NAME)
  const locations = new Map<string, LocationRow>()
  const doctors = new Map<string, Doctor>()
  const schedules = new Map<string, Schedule>()
  const patients = new Map<string, Patient>()
  const typeId = idOf('AppointmentType', ['visit'])

  const location = (name: string): LocationRow =>
    getOrMake(locations, name, () => ({ id: idOf('Location', [name]), clinicId, name, address: '', zone: ZONE }))
  const doctor = (neighbourhood: string, number: number): Doctor =>
    getOrMake(doctors, `${number} ${neighbourhood}`, () =>
      toDoctor(idOf('Doctor', [neighbourhood, number]), clinicId, location(neighbourhood).id, neighbourhood, number),
    )
  const hours = (of: Doctor, day: LocalDay): Schedule =>
    getOrMake(schedules, `${day} ${of.id}`, () => ({
      id: idOf('Schedule', [of.id, day]),
      clinicId,
      doctorId: of.id,
      date: day,
      startTime: timeOfMinute(DAY_START_MINUTE),
      endTime: timeOfMinute(DAY_END_MINUTE),
      zone: ZONE,
      isAvailable: true,
      closureId: null,
      note: '',
      revision: 1,
    }))
  const patient = (visit: VitoriaVisit): Patient =>
    getOrMake(patients, visit.patientKey.join('\n'), () =>
      toPatient(idOf('Patient', visit.patientKey), clinicId, visit),
    )

  const appointment = ({ visit, place }: Placed): PlannedAppointment => {
    const seenBy = doctor(visit.neighbourhood, place.doctor)
    hours(seenBy, place.day)
    const createdAt =
      toInstantChoosing(visit.bookedDay, visit.bookedTime, ZONE, 'earlier') + visit.bookedSeconds * 1_000
    const id = idOf('Appointment', [visit.appointmentKey], createdAt)
    const who = { clinicId, doctorId: seenBy.id, patientId: patient(visit).id, typeId }
    const { line, age: ageAtVisit, status } = visit
    return { line, id, ...who, locationId: seenBy.locationId, ...timesOf(place), status, ageAtVisit, createdAt }
  }
  const made = () => ({
    locations: [...locations.values()],
    doctors: [...doctors.values()],
    schedules: [...schedules.values()],
    appointmentTypes: patients.size > 0 ? [toType(typeId, clinicId)] : [],
    patients: [...patients.values()],
  })
  return { appointment, made }
}

function timesOf({ day, time }: Place): Pick<Appointment, 'start' | 'end' | 'zone' | 'localDay' | 'localStart'> {
  const start = toInstantChoosing(day, time, ZONE, 'earlier')
  return { start, end: start + minutes(SLOT_MINUTES), zone: ZONE, localDay: day, localStart: time }
}

function toDoctor(
  id: Doctor['id'],
  clinicId: ClinicId,
  locationId: LocationId,
  neighbourhood: string,
  number: number,
): Doctor {
  return {
    id,
    clinicId,
    userId: null,
    locationId,
    name: `${neighbourhood}, doctor ${number + 1}`,
    specialization: '',
    bio: '',
    languages: ['pt'],
    room: '',
    // Behind the clinic's own doctors on the board.
    position: 10_000 + number,
    isActive: false,
    revision: 1,
  }
}

function toPatient(id: Patient['id'], clinicId: ClinicId, visit: VitoriaVisit): Patient {
  return {
    id,
    clinicId,
    userId: null,
    name: `Patient ${visit.patientId}`,
    birthDate: null,
    gender: visit.gender,
    phone: '',
    email: '',
    alerts: [],
    note: '',
    revision: 1,
  }
}

function toType(id: AppointmentTypeId, clinicId: ClinicId): AppointmentType {
  return {
    id,
    clinicId,
    code: 'IMPORTED-15',
    name: 'Imported visit',
    durationMinutes: SLOT_MINUTES,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    noticeMinutes: 0,
    horizonDays: 1,
    doctorIds: [],
    capacity: 1,
    roomIds: [],
    equipmentIds: [],
    changeCutoffMinutes: 0,
    patientLimit: 0,
    isOnline: false,
    isActive: false,
    revision: 1,
  }
}

function getOrMake<Key, Value>(made: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = made.get(key)
  if (known !== undefined) return known
  const value = make()
  made.set(key, value)
  return value
}
