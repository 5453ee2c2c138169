/** The demo clinic's rooms and its ultrasound, a holiday, and a class for several patients at once. */
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { Equipment } from '#domain/clinic/equipment.ts'
import type { Room } from '#domain/clinic/room-schema.ts'
import type { ClinicId, DoctorId, LocationId, RoomId } from '#domain/ids.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import type { Closure } from '#domain/schedule/closure.ts'
import type { Schedule } from '#domain/schedule/schedule-schemas.ts'
import { addDays, type LocalDay, toInstantChoosing, toLocal, weekdayOf, type Zone } from '#domain/time/clinic-time.ts'
import { hours, type Instant, minutes } from '#domain/time/instant.ts'
import { DEMO_EPOCH, demoId } from './demo-ids.ts'
import { demoProgress } from './demo-progress.ts'
import { seededRandom } from './seeded-random.ts'

/** The place of the doctor who gives the class, and of the two who scan. */
const TEACHER = 9
const SCANNING = [8, 9]
/** The codes of the types that need a room of their own. */
export const SCAN_CODE = 'WOM-30'
export const CLASS_CODE = 'WOM-GRP'
/** Days of the class, around today: all doctors work on today's weekday. In the lunch break, which it takes. */
const CLASS_DAYS = [-14, -7, 14]
const CLASS_START = '12:30'
const CLASS_END = '13:30'

type Place = { readonly seed: number; readonly clinicId: ClinicId; readonly locationId: LocationId }

/** A consulting room per doctor, two rooms for scans, and one for groups. */
export function demoRooms({ seed, clinicId, locationId }: Place, doctorCount: number): Room[] {
  const consulting = Array.from({ length: doctorCount }, (_, index) => `Room ${index + 1}`)
  return [...consulting, 'Ultrasound 1', 'Ultrasound 2', 'Group room'].map((name, position) => ({
    id: demoId(seed, 'Room', position),
    clinicId,
    locationId,
    name,
    capacity: 1,
    position,
    isActive: true,
    revision: 1,
  }))
}

/** Two units, so that both who scan can do so at once. */
export const demoEquipment = ({ seed, clinicId, locationId }: Place): Equipment[] => [
  {
    id: demoId(seed, 'Equipment', 0),
    clinicId,
    locationId,
    name: 'Ultrasound',
    capacity: 2,
    isActive: true,
    revision: 1,
    updatedAt: DEMO_EPOCH,
  },
]

const roomNamed = (rooms: readonly Room[], name: string): RoomId[] =>
  rooms.filter((room) => room.name.startsWith(name)).map(({ id }) => id)

/** The types with what they need: a scan takes a scanner and a room for scans. */
export const withNeeds = (type: AppointmentType, rooms: readonly Room[], equipment: readonly Equipment[]) =>
  type.code === SCAN_CODE
    ? { ...type, roomIds: roomNamed(rooms, 'Ultrasound'), equipmentIds: equipment.map(({ id }) => id) }
    : type

/** Each who scans has a room for it, so that no two visits meet in one. */
export function inScanRoom(visit: Appointment, types: readonly AppointmentType[], doctorIds: readonly DoctorId[]) {
  const type = types.find(({ id }) => id === visit.typeId)
  if (type?.code !== SCAN_CODE) return visit
  const place = SCANNING.findIndex((doctor) => doctorIds[doctor] === visit.doctorId)
  return { ...visit, roomId: type.roomIds[place] ?? null, equipmentIds: type.equipmentIds }
}

/** The class: one hour, eight places. */
export const demoClassType = (
  { seed, clinicId }: Place,
  index: number,
  rooms: readonly Room[],
  doctorIds: readonly DoctorId[],
): AppointmentType => ({
  id: demoId(seed, 'AppointmentType', index),
  clinicId,
  code: CLASS_CODE,
  name: 'Prenatal class',
  durationMinutes: 60,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  noticeMinutes: 120,
  horizonDays: 180,
  doctorIds: doctorIds.filter((_, place) => place === TEACHER),
  capacity: 8,
  roomIds: roomNamed(rooms, 'Group room'),
  equipmentIds: [],
  changeCutoffMinutes: 0,
  patientLimit: 0,
  isOnline: true,
  isActive: true,
  revision: 1,
})

type Rota = Place & { readonly zone: Zone; readonly today: LocalDay; readonly doctorIds: readonly DoctorId[] }

/** A working day of the second week to come, not the afternoon of the training. */
export function demoClosure({ seed, clinicId, today }: Rota, schedules: readonly Schedule[]): Closure {
  const isTaken = (day: LocalDay) => schedules.filter(({ date }) => date === day).length > 2
  const isFree = (offset: number) => {
    const day = addDays(today, offset)
    return weekdayOf(day) <= 5 && weekdayOf(day) !== weekdayOf(today) && !isTaken(day)
  }
  const day = addDays(today, [12, 11, 10, 13, 9].find(isFree) ?? 12)
  return {
    id: demoId(seed, 'Closure', 0),
    clinicId,
    locationId: null,
    name: 'Bank holiday',
    fromDay: day,
    untilDay: day,
    startTime: null,
    endTime: null,
    revision: 1,
  }
}

/** What a closure takes from every doctor's hours. */
export const closureSchedules = (rota: Rota, { id, name, fromDay }: Closure, firstIndex: number): Schedule[] =>
  rota.doctorIds.map((doctorId, index) => ({
    id: demoId(rota.seed, 'Schedule', firstIndex + index),
    clinicId: rota.clinicId,
    doctorId,
    date: fromDay,
    startTime: '00:00',
    endTime: '00:00',
    zone: rota.zone,
    isAvailable: false,
    closureId: id,
    note: name,
    revision: 1,
  }))

/** The extra hours in which the class is held. */
export function classSchedules(rota: Rota, firstIndex: number): Schedule[] {
  const doctorId = rota.doctorIds[TEACHER]
  if (!doctorId) return []
  return CLASS_DAYS.map((offset, index) => ({
    id: demoId(rota.seed, 'Schedule', firstIndex + index),
    clinicId: rota.clinicId,
    doctorId,
    date: addDays(rota.today, offset),
    startTime: CLASS_START,
    endTime: CLASS_END,
    zone: rota.zone,
    isAvailable: true,
    closureId: null,
    note: 'Prenatal class',
    revision: 1,
  }))
}

type ClassInput = Rota & {
  readonly now: Instant
  readonly type: AppointmentType
  readonly patients: readonly Patient[]
  /** The visits there already: who has one that day does not come to the class. */
  readonly visits: readonly Appointment[]
}

/** One appointment per patient in each class: full enough to be seen, with places left in the one to come. */
export function classVisits(input: ClassInput): Appointment[] {
  const random = seededRandom(input.seed ^ 0xc1a55)
  const grownBefore = addDays(input.today, -20 * 365)
  const tooOld = addDays(input.today, -42 * 365)
  const mothers = input.patients.filter(
    ({ gender, birthDate }) =>
      gender === 'female' && birthDate !== null && birthDate <= grownBefore && birthDate >= tooOld,
  )
  const found: Appointment[] = []
  for (const offset of CLASS_DAYS) {
    const day = addDays(input.today, offset)
    const busy = new Set(input.visits.filter(({ localDay }) => localDay === day).map(({ patientId }) => patientId))
    const free = random.shuffled(mothers.filter(({ id }) => !busy.has(id)))
    for (const patient of free.slice(0, random.between(4, 7))) {
      found.push(classVisit(input, { day, patient, index: input.visits.length + found.length, random }))
    }
  }
  return found
}

function classVisit(
  { seed, clinicId, locationId, zone, now, type }: ClassInput,
  seat: {
    readonly day: LocalDay
    readonly patient: Patient
    readonly index: number
    readonly random: ReturnType<typeof seededRandom>
  },
): Appointment {
  const start = toInstantChoosing(seat.day, CLASS_START, zone, 'earlier')
  const end = start + minutes(type.durationMinutes)
  const createdAt = Math.min(start, now) - hours(24 * seat.random.between(2, 10))
  return {
    id: demoId(seed, 'Appointment', seat.index),
    clinicId,
    doctorId: type.doctorIds[0] as DoctorId,
    patientId: seat.patient.id,
    typeId: type.id,
    locationId,
    start,
    end,
    zone,
    localDay: seat.day,
    localStart: toLocal(start, zone).time,
    roomId: type.roomIds[0] ?? null,
    equipmentIds: [],
    seriesId: null,
    overbookReason: '',
    origin: 'desk',
    reason: '',
    note: '',
    ageAtVisit: null,
    unplaced: null,
    createdBy: null,
    createdByName: 'Reception',
    createdAt,
    ...demoProgress(seat.random, { start, end }, { createdAt, now, isToday: false }),
    revision: 1,
  }
}
