/**
 * The demo's appointments: each doctor's working hours filled from the left, densely up to today and thinning out ahead.
 * No two visits of a doctor or of a patient overlap, except that a cancelled visit's time may have been given away again.
 */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { ClinicId, PatientId } from '#domain/ids.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import type { Schedule, ScheduleTemplate } from '#domain/schedule/schedule-schemas.ts'
import { workingHours } from '#domain/schedule/working-hours.ts'
import { addDays, daysBetween, type LocalDay, localDayOf, toLocal, type Zone } from '#domain/time/clinic-time.ts'
import { hours, type Instant, minutes } from '#domain/time/instant.ts'
import type { DemoDoctor, DemoVisitType, PatientGroup } from './demo-doctors.ts'
import { demoId } from './demo-ids.ts'
import { demoProgress } from './demo-progress.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'

export const DAYS_BACK = 21
export const DAYS_AHEAD = 14
const MOST_VISITS_A_DAY = 28

export type VisitsInput = {
  readonly seed: number
  readonly clinicId: ClinicId
  readonly zone: Zone
  readonly now: Instant
  readonly doctors: readonly DemoDoctor[]
  readonly patients: readonly Patient[]
  readonly templates: readonly ScheduleTemplate[]
  readonly schedules: readonly Schedule[]
}

type Context = VisitsInput & {
  readonly random: SeededRandom
  readonly today: LocalDay
  readonly groups: Record<PatientGroup, readonly Patient[]>
  readonly visits: Appointment[]
}
type Booking = {
  readonly who: DemoDoctor
  readonly what: DemoVisitType
  readonly slot: Interval
  readonly day: LocalDay
}

/** Five weeks of appointments around the day of `now`. */
export function demoVisits(input: VisitsInput): Appointment[] {
  const today = localDayOf(input.now, input.zone)
  const random = seededRandom(input.seed ^ 0x71517e5)
  const context: Context = { ...input, random, today, groups: groupsOf(input.patients, today), visits: [] }
  for (let offset = -DAYS_BACK; offset <= DAYS_AHEAD; offset += 1) {
    const day = addDays(today, offset)
    const seen = new Set<PatientId>()
    for (const who of input.doctors) fillDay(context, who, day, seen)
  }
  addUnplaced(context)
  return context.visits
}

function fillDay(context: Context, who: DemoDoctor, day: LocalDay, seen: Set<PatientId>): void {
  const { random } = context
  const isOwn = ({ doctorId }: { doctorId: string }): boolean => doctorId === who.doctor.id
  const stretches = workingHours({
    day,
    templates: context.templates.filter(isOwn),
    schedules: context.schedules.filter(isOwn),
  })
  const nextType = typeDeck(random, who.visitTypes)
  const share = fillShare(daysBetween(context.today, day))
  let held = 0
  for (const stretch of stretches) {
    for (let at = stretch.start; ; ) {
      const what = nextType()
      const end = at + minutes(what.type.durationMinutes)
      if (end > stretch.end) break
      const slot = { start: at, end }
      if (held < MOST_VISITS_A_DAY && random.chance(share)) {
        let visit = book(context, { who, what, slot, day }, seen)
        const isGivenAway = visit?.status === 'cancelled' && random.chance(0.4)
        if (isGivenAway) visit = book(context, { who, what, slot, day }, seen)
        if (visit?.status !== 'cancelled') held += 1
      }
      at = end + minutes(what.type.bufferAfterMinutes)
    }
  }
}

/** How much of the time is booked: nearly all of it up to today, half of it two weeks ahead. */
function fillShare(daysAhead: number): number {
  return daysAhead <= 0 ? 0.97 : 0.88 - (daysAhead / DAYS_AHEAD) * 0.4
}

/** Types drawn like cards from a shuffled deck in which each lies as often as its weight says. */
function typeDeck(random: SeededRandom, visitTypes: readonly DemoVisitType[]): () => DemoVisitType {
  const whole = visitTypes.flatMap((visitType) => new Array<DemoVisitType>(visitType.weight).fill(visitType))
  let deck: DemoVisitType[] = []
  return () => {
    if (deck.length === 0) deck = random.shuffled(whole)
    const top = deck.pop()
    if (!top) throw new RangeError('A doctor without types of visit')
    return top
  }
}

function book(context: Context, booking: Booking, seen: Set<PatientId>): Appointment | undefined {
  const patient = pickPatient(context.random, context.groups[booking.who.sees], seen)
  if (!patient) return undefined
  const visit = toAppointment(context, booking, patient)
  seen.add(patient.id)
  context.visits.push(visit)
  return visit
}

/** Someone not yet seen that day; the first half of the list comes more often, as regular patients do. */
function pickPatient(
  random: SeededRandom,
  group: readonly Patient[],
  seen: ReadonlySet<PatientId>,
): Patient | undefined {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const patient = group[Math.floor(random.next() ** 1.4 * group.length)]
    if (patient && !seen.has(patient.id)) return patient
  }
  return undefined
}

function toAppointment(context: Context, { who, what, slot, day }: Booking, patient: Patient): Appointment {
  const { random, now, zone, clinicId, seed, visits, today } = context
  const source = sourceOf(random, slot.start, now)
  const byOnline = source.origin === 'online'
  return {
    id: demoId(seed, 'Appointment', visits.length),
    clinicId,
    doctorId: who.doctor.id,
    patientId: patient.id,
    typeId: what.type.id,
    locationId: who.doctor.locationId,
    start: slot.start,
    end: slot.end,
    zone,
    localDay: day,
    localStart: toLocal(slot.start, zone).time,
    roomId: null,
    equipmentIds: [],
    seriesId: null,
    overbookReason: '',
    origin: source.origin,
    reason: random.pick(who.reasons),
    note: random.chance(0.04) ? 'Bring earlier results.' : '',
    ageAtVisit: null,
    unplaced: null,
    createdBy: null,
    createdByName: byOnline ? patient.name : 'Reception',
    createdAt: source.createdAt,
    ...demoProgress(random, slot, { createdAt: source.createdAt, now, isToday: day === today }),
    revision: 1,
  }
}

function sourceOf(
  random: SeededRandom,
  start: Instant,
  now: Instant,
): { readonly origin: 'desk' | 'online' | 'walk-in'; readonly createdAt: Instant } {
  const walkInAt = start - minutes(random.between(25, 60))
  if (random.chance(0.07) && walkInAt <= now) return { origin: 'walk-in', createdAt: walkInAt }
  const lead = start - hours(24 * random.between(1, 27) + random.between(0, 8)) - minutes(random.between(0, 59))
  const latest = now - hours(random.between(1, 120))
  return { origin: random.chance(0.36) ? 'online' : 'desk', createdAt: Math.min(lead, latest) }
}

function groupsOf(patients: readonly Patient[], today: LocalDay): Record<PatientGroup, readonly Patient[]> {
  const grownBefore = addDays(today, -16 * 365)
  const isAdult = ({ birthDate }: Patient): boolean => birthDate !== null && birthDate <= grownBefore
  return {
    everyone: patients,
    adults: patients.filter(isAdult),
    children: patients.filter((patient) => !isAdult(patient)),
    women: patients.filter((patient) => isAdult(patient) && patient.gender === 'female'),
  }
}

/** Two requests that lost their time to a visit of tomorrow or later, so that the first inbox is not empty. */
function addUnplaced(context: Context): void {
  const { random, now, visits, today, doctors, seed } = context
  const winners = visits.filter(({ status, localDay }) => status === 'confirmed' && localDay > today).slice(0, 40)
  const chosen = random.shuffled(winners).slice(0, 2)
  for (const winner of chosen) {
    const who = doctors.find(({ doctor }) => doctor.id === winner.doctorId)
    const onThatDay = new Set(
      visits.filter(({ localDay }) => localDay === winner.localDay).map((visit) => visit.patientId),
    )
    const patient = who && pickPatient(random, context.groups[who.sees], onThatDay)
    if (!patient) continue
    const at = now - minutes(random.between(6, 40))
    visits.push({
      ...winner,
      id: demoId(seed, 'Appointment', visits.length),
      patientId: patient.id,
      status: 'unplaced',
      origin: 'desk',
      createdByName: 'Reception',
      unplaced: { reason: 'slot-taken', at, takenBy: winner.createdByName, takenAt: winner.createdAt },
      createdAt: at - minutes(12),
      updatedAt: at,
    })
  }
}
