/** A few who wait for a time in the demo clinic, and one who is to be called back. */
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { ClinicId, DoctorId } from '#domain/ids.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { hours, type Instant } from '#domain/time/instant.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'
import { demoId } from './demo-ids.ts'
import { seededRandom } from './seeded-random.ts'

type Sketch = {
  readonly code: string
  /** Place of the doctor they ask for; any of the type's where none is given. */
  readonly place?: number
  readonly kind?: 'recall'
  readonly weekdays?: readonly number[]
  readonly times?: readonly [from: string, until: string]
  /** Days from today: from when, and until when at the latest. */
  readonly days: readonly [from: number, until: number | null]
  readonly note: string
}

const SKETCHES: readonly Sketch[] = [
  { code: 'GP-15', days: [0, 7], times: ['08:00', '12:00'], note: 'Any morning this week.' },
  { code: 'CARD-30', place: 4, days: [1, 30], note: 'Asks for her own doctor.' },
  { code: 'DERM-20', days: [3, null], weekdays: [2, 4], note: '' },
  { code: 'PAED-15', days: [0, 14], times: ['15:00', '18:00'], note: 'After school.' },
  { code: 'ORTH-15', kind: 'recall', days: [42, 60], note: 'Fracture check in six weeks.' },
]

type Input = {
  readonly seed: number
  readonly clinicId: ClinicId
  readonly now: Instant
  readonly today: LocalDay
  readonly doctorIds: readonly DoctorId[]
  readonly types: readonly AppointmentType[]
  readonly patients: readonly Patient[]
}

export function demoWaitlist({ seed, clinicId, now, today, doctorIds, types, patients }: Input): WaitlistEntry[] {
  const random = seededRandom(seed ^ 0x3a17)
  const waiting = random.shuffled(patients)
  return SKETCHES.flatMap((sketch, index) => {
    const type = types.find(({ code }) => code === sketch.code)
    const patient = waiting[index]
    const doctorId = sketch.place === undefined ? undefined : doctorIds[sketch.place]
    const createdAt = now - hours(random.between(2, 90))
    if (!type || !patient) return []
    const [from, until] = sketch.days
    return [
      {
        id: demoId(seed, 'WaitlistEntry', index),
        clinicId,
        patientId: patient.id,
        typeId: type.id,
        doctorIds: doctorId ? [doctorId] : [],
        specialization: '',
        kind: sketch.kind ?? 'wait',
        weekdays: [...(sketch.weekdays ?? [])],
        fromTime: sketch.times?.[0] ?? null,
        untilTime: sketch.times?.[1] ?? null,
        fromDay: addDays(today, from),
        untilDay: until === null ? null : addDays(today, until),
        note: sketch.note,
        status: 'waiting',
        appointmentId: null,
        createdBy: null,
        createdAt,
        updatedAt: createdAt,
        revision: 1,
      },
    ]
  })
}
