/** A believable day of an invented clinic, the same for the same seed: what component specs and screenshots draw. */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { AppointmentStatus } from '#domain/appointment/appointment-status.ts'
import { seededRandom } from '#domain/demo/seeded-random.ts'
import type { AppointmentId, Id } from '#domain/ids.ts'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import { anAppointment } from '#tests/support/builders.ts'

export const DAY = '2026-11-23'
export const ZONE = 'Europe/London'
export const MIDNIGHT = Date.parse('2026-11-23T00:00:00Z')
export const NOW_MINUTE = 11 * 60 + 40

const DOCTORS = [
  ['Dr Amara Okafor', 'General practice'],
  ['Dr Luis Herrera', 'Paediatrics'],
  ['Dr Hannah Weiss', 'General practice'],
  ['Dr Priya Raman', 'Dermatology'],
  ['Dr Tomasz Nowak', 'General practice'],
  ['Dr Claire Dubois', 'Cardiology'],
  ['Dr Yusuf Demir', 'Orthopaedics'],
  ['Dr Mei Lin', 'Paediatrics'],
  ['Dr Ingrid Solberg', 'Gynaecology'],
  ['Dr Samuel Adeyemi', 'Cardiology'],
  ['Dr Elena Petrova', 'Dermatology'],
  ['Dr Jonas Keller', 'Orthopaedics'],
] as const

const NAMES = [
  'Ellis Moreau',
  'Ines Carvalho',
  'Lucia Romano',
  'Owen Price',
  'Rosa Delgado',
  'Uma Nair',
  'Xenia Popa',
  'Farah Haddad',
  'Jon Sigurdsson',
  'Mateus Silva',
  'Paula Jensen',
  'Sana Qureshi',
  'Vera Novak',
  'George Whitlock',
  'Kwame Mensah',
  'Nadia Petrenko',
  'Qiang Liu',
  'Theo Laurent',
  'Wim de Boer',
  'Yara Khalil',
  'محمد العلي',
  '王秀英',
  'Zoë Ó Briain',
  'Αγγελική Παπαδοπούλου',
]
const TYPES = [
  ['Consultation', 15],
  ['Follow-up', 15],
  ['Check-up', 30],
  ['Procedure', 45],
] as const

export type FakeVisit = { readonly appointment: Appointment; readonly name: string; readonly typeName: string }
export type FakeDoctor = {
  readonly id: string
  readonly name: string
  readonly specialization: string
  readonly open: readonly { readonly startMinute: number; readonly endMinute: number }[]
  readonly visits: readonly FakeVisit[]
}

/** The id of the kind and number, in the shape of a UUID. */
export const fakeId = <Kind extends string>(family: number, count: number): Id<Kind> =>
  `00000000-0000-7000-8${String(family).padStart(3, '0')}-${String(count).padStart(12, '0')}` as Id<Kind>

/** Twelve doctors with their hours and visits. */
export function fakeDay(seed = 7): FakeDoctor[] {
  const random = seededRandom(seed)
  return DOCTORS.map(([name, specialization], column) => {
    const opens = column === 5 ? 600 : random.pick([480, 480, 510])
    const open = [
      { startMinute: opens, endMinute: 750 },
      { startMinute: 780, endMinute: random.pick([1020, 1020, 1080, 960]) },
    ]
    return { id: fakeId(1, column), name, specialization, open, visits: visitsOf(column, open, random) }
  })
}

/** Twelve doctors with as many visits each, one after the other: the fullest board there is. */
export function fullDay(visitCount: number): FakeDoctor[] {
  const random = seededRandom(11)
  const open = [{ startMinute: 480, endMinute: 1080 }]
  const length = Math.floor(600 / visitCount)
  return DOCTORS.map(([name, specialization], column) => ({
    id: fakeId(1, column),
    name,
    specialization,
    open,
    visits: Array.from({ length: visitCount }, (_, at) =>
      aVisit(column * 100 + at, column, 480 + at * length, length, 'Consultation', random),
    ),
  }))
}

function visitsOf(column: number, open: FakeDoctor['open'], random: ReturnType<typeof seededRandom>): FakeVisit[] {
  const visits: FakeVisit[] = []
  for (const { startMinute, endMinute } of open) {
    for (let minute = startMinute; minute < endMinute; ) {
      const [typeName, length] = random.pick(TYPES)
      if (minute + length > endMinute) break
      if (random.chance(minute < NOW_MINUTE ? 0.9 : 0.62)) {
        visits.push(aVisit(column * 100 + visits.length, column, minute, length, typeName, random))
      }
      minute += length
    }
  }
  return visits
}

function aVisit(
  count: number,
  column: number,
  minute: number,
  length: number,
  typeName: string,
  random: ReturnType<typeof seededRandom>,
): FakeVisit {
  const start = MIDNIGHT + minutes(minute)
  const status = statusAt(minute, length, random)
  const isHere = status === 'arrived' || status === 'fulfilled'
  const arrivedAt = isHere ? start - minutes(random.between(2, 14)) : null
  const isStarted = status === 'fulfilled' || (status === 'arrived' && minute + 10 < NOW_MINUTE)
  const appointment = anAppointment({
    id: fakeId<'Appointment'>(2, count) as AppointmentId,
    doctorId: fakeId<'Doctor'>(1, column),
    start,
    end: start + minutes(length),
    localStart: timeOfMinute(minute),
    status,
    arrivedAt: arrivedAt === null ? null : Math.min(arrivedAt, MIDNIGHT + minutes(NOW_MINUTE - 3)),
    startedAt: isStarted ? start : null,
    finishedAt: status === 'fulfilled' ? start + minutes(length) : null,
  })
  return { appointment, name: random.pick(NAMES), typeName }
}

function statusAt(minute: number, length: number, random: ReturnType<typeof seededRandom>): AppointmentStatus {
  if (minute + length <= NOW_MINUTE - 5)
    return random.chance(0.06) ? 'noshow' : random.chance(0.05) ? 'cancelled' : 'fulfilled'
  if (minute <= NOW_MINUTE + 25) return random.chance(0.75) ? 'arrived' : 'confirmed'
  return random.chance(0.05) ? 'cancelled' : random.chance(0.2) ? 'pending' : 'confirmed'
}
