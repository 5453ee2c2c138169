/** What is written on the days of the demo clinic: about everybody's day, and about the first doctor's. */
import type { DayNote } from '#domain/clinic/day-note.ts'
import type { ClinicId, DoctorId } from '#domain/ids.ts'
import { addDays, type LocalDay } from '#domain/time/clinic-time.ts'
import { hours, type Instant } from '#domain/time/instant.ts'
import { demoId } from './demo-ids.ts'

type Sketch = {
  /** Days from today: the first, and the last where there are several. */
  readonly days: readonly [first: number, last: number | null]
  /** Place of the doctor it is about; everybody where none is given. */
  readonly place?: number
  readonly text: string
}

const SKETCHES: readonly Sketch[] = [
  { days: [0, 3], text: 'The lift is out of order: side entrance, ring twice.' },
  { days: [0, null], place: 0, text: 'Leaves at 15:30, no walk-ins after 14:30.' },
  { days: [1, null], text: 'Fire drill at 10:00.' },
]

type Input = {
  readonly seed: number
  readonly clinicId: ClinicId
  readonly now: Instant
  readonly today: LocalDay
  readonly doctorIds: readonly DoctorId[]
}

export const demoNotes = ({ seed, clinicId, now, today, doctorIds }: Input): DayNote[] =>
  SKETCHES.map(({ days: [first, last], place, text }, index) => {
    const createdAt = now - hours(20 - index)
    return {
      id: demoId(seed, 'DayNote', index),
      clinicId,
      date: addDays(today, first),
      lastDate: last === null ? null : addDays(today, last),
      doctorId: (place === undefined ? undefined : doctorIds[place]) ?? null,
      text,
      createdBy: null,
      createdByName: 'Reception',
      createdAt,
      updatedAt: createdAt,
      revision: 1,
    }
  })
