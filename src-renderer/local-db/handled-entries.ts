/**
 * What was dealt with in the inbox today, so that nobody has to remember whether they did. One note in the local database, kept for
 * the clinic's day; the appointment's own history is on the server.
 */
import type { Observable } from 'rxjs'
import type { AppointmentId, DoctorId, PatientId } from '#domain/ids.ts'
import { type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Desk } from './desk.ts'
import { changeList, liveNote$, type NoteDatabase, readList } from './live-note.ts'

/** How it ended. */
export const HANDLED_WAYS = ['placed', 'overbooked', 'waitlisted', 'dropped', 'moved', 'again', 'dismissed'] as const
export type HandledWay = (typeof HANDLED_WAYS)[number]

export type HandledEntry = {
  /** Of the entry it was. */
  readonly id: string
  readonly way: HandledWay
  readonly at: Instant
  readonly day: LocalDay
  readonly patientId: PatientId | null
  /** The visit it was about, and where it stands since; null where there is none. */
  readonly visitId: AppointmentId | null
  readonly start: Instant | null
  readonly doctorId: DoctorId | null
}

const NOTE = 'handled-entries'

/** Newest first. */
export const handledEntries$ = (database: NoteDatabase): Observable<readonly HandledEntry[]> =>
  liveNote$(database, NOTE, () => readList<HandledEntry>(database, NOTE))

/** Adds an entry, and lets those of earlier days go. */
export async function noteHandled(
  { database, user, now }: Desk,
  handled: Omit<HandledEntry, 'at' | 'day'>,
): Promise<void> {
  const at = now()
  const day = localDayOf(at, user.clinic.zone)
  await changeList<HandledEntry>(database, NOTE, (entries) => [
    { ...handled, at, day },
    ...entries.filter((one) => one.day === day && one.id !== handled.id),
  ])
}
