/** Which audiences see a document, computed from its content and the rules (DESIGN, section 6). */
import {
  type Audience,
  clinicAudience,
  doctorAudience,
  everyoneAudience,
  staffAudience,
  userAudience,
} from '#domain/access/audiences.ts'
import type { ClinicId, PatientId, UserId } from '#domain/ids.ts'
import type { CollectionName, Documents } from '#domain/sync/collections.ts'
import { HOUR_MS, type Instant } from '#domain/time/instant.ts'
import { listDoctorsWithVisit } from '#server/repositories/appointments.ts'
import { findDocument } from '#server/repositories/documents.ts'
import type { WriteContext } from './write-context.ts'

/** How long after a visit its doctor still sees the patient's record. */
const AFTER_VISIT_MS = 365 * 24 * HOUR_MS

/** Visits that end after this instant give their doctor sight of the patient. */
export const visitsCountSince = (now: Instant): Instant => now - AFTER_VISIT_MS

type Context = Pick<WriteContext, 'tx' | 'clinicId' | 'now' | 'recall'>

/**
 * The audiences of a document. A deleted one keeps its own: those who saw it must learn that it is gone.
 * Patients need the appointments in the table, so write those first.
 */
export async function audiencesOfDocument<Name extends CollectionName>(
  ctx: Context,
  name: Name,
  document: Documents[Name],
): Promise<readonly Audience[]> {
  return AUDIENCES[name](ctx, document as never)
}

type AudiencesOf = {
  readonly [Name in CollectionName]: (
    ctx: Context,
    document: Documents[Name],
  ) => readonly Audience[] | Promise<readonly Audience[]>
}

const AUDIENCES: AudiencesOf = {
  appointments: async (ctx, { clinicId, doctorId, patientId, status, createdBy }) => {
    const patientUser = await findUserOfPatient(ctx, patientId)
    const isUnplaced = status === 'unplaced'
    return distinct([
      clinicAudience(clinicId),
      // The wanted doctor learns how many requests wait, not which.
      ...(isUnplaced ? [] : [doctorAudience(doctorId)]),
      ...toUsers(patientUser, isUnplaced ? createdBy : null),
    ])
  },
  schedules: (_, { clinicId, doctorId }) => [clinicAudience(clinicId), doctorAudience(doctorId)],
  schedule_templates: (_, { clinicId, doctorId }) => [clinicAudience(clinicId), doctorAudience(doctorId)],
  patients: async ({ tx, now }, { id, clinicId, userId }) => {
    const doctors = await listDoctorsWithVisit(tx, clinicId, id, visitsCountSince(now))
    return [clinicAudience(clinicId), ...toUsers(userId), ...doctors.map(doctorAudience)]
  },
  doctors: (_, { clinicId }) => everyone(clinicId),
  appointment_types: (_, { clinicId }) => everyone(clinicId),
  rooms: (_, { clinicId }) => everyone(clinicId),
  // Doctors who are named see who waits for them; who waits for any doctor is the desk's.
  waitlist_entries: async (ctx, { clinicId, patientId, doctorIds }) =>
    distinct([
      clinicAudience(clinicId),
      ...doctorIds.map(doctorAudience),
      ...toUsers(await findUserOfPatient(ctx, patientId)),
    ]),
  day_notes: (_, { clinicId, doctorId }) => [
    clinicAudience(clinicId),
    doctorId === null ? staffAudience(clinicId) : doctorAudience(doctorId),
  ],
  // What waits to be told is nobody's yet.
  notifications: (_, { userId, shownAt }) => (shownAt === null ? [] : [userAudience(userId)]),
  allotments: (_, { clinicId, doctorId }) => [clinicAudience(clinicId), doctorAudience(doctorId)],
  rejected_changes: (_, { userId }) => [userAudience(userId)],
}

const everyone = (clinicId: ClinicId): readonly Audience[] => [everyoneAudience(clinicId)]

const toUsers = (...ids: readonly (UserId | null)[]): readonly Audience[] =>
  ids.filter((id) => id !== null).map(userAudience)

const distinct = (audiences: readonly Audience[]): readonly Audience[] => [...new Set(audiences)]

async function findUserOfPatient({ tx, recall }: Context, patientId: PatientId): Promise<UserId | null> {
  const patient = await recall(`patients/${patientId}`, () => findDocument(tx, 'patients', patientId))
  return patient?.userId ?? null
}
