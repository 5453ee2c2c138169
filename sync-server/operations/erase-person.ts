/**
 * Takes a patient out of the clinic's data (GDPR, article 17): the record becomes a tombstone, visits keep time and type and
 * lose every word and name, their history and refused changes with them; an account that serves nothing else is emptied. All
 * of it in one transaction through the writer, so that every device is told. A legal hold forbids it.
 */
import { createHash } from 'node:crypto'
import { can, type Subject } from '#domain/access/can.ts'
import type { ErasureBody, ErasurePreview, ErasureReason } from '#domain/api/privacy-api.ts'
import { blankVersion, blankVisit, isUpcoming } from '#domain/appointment/blank-visit.ts'
import type { ClinicId, PatientId, UserId } from '#domain/ids.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import { localDayOf } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import { listAppointmentsOfPatient } from '#server/repositories/appointments.ts'
import {
  blankAccount,
  countRevisions,
  deleteKeptChanges,
  deleteTracesOfPatient,
  hasOtherUse,
  rewriteRevisions,
} from '#server/repositories/blanked-rows.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { findDocuments } from '#server/repositories/documents.ts'
import { listLiveHolds, noteErasure } from '#server/repositories/erasures.ts'
import { deleteNotifications, listAboutPatient } from '#server/repositories/notifications.ts'
import { endListsOfClinic } from '#server/repositories/reports.ts'
import type { ClinicWriter } from './clinic-writer.ts'
import { type FoundPerson, findPerson } from './find-person.ts'
import { toHoldView } from './legal-holds.ts'
import { hideNotices } from './notifications/own-notices.ts'
import { saveDocument } from './save-document.ts'
import type { Outcome, WriteContext } from './write-context.ts'

export type Erased = { readonly clinicId: ClinicId; readonly patientId: PatientId; readonly reason: ErasureReason }
export type ErasureDeps = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
  /** Keeps the ids where a restore of the database does not reach. */
  readonly keepErasure: (erased: Erased) => void
}

export type ErasureAnswer =
  | { readonly ok: true; readonly erasedAt: Instant }
  | { readonly ok: false; readonly reason: 'not-found' | 'legal-hold' | 'stale-preview' }

/** What an erasure would do now; undefined when there is no such patient, or the subject may not erase. */
export function previewErasure(
  { database, now }: Pick<ErasureDeps, 'database' | 'now'>,
  subject: Subject,
  patientId: PatientId,
): Promise<ErasurePreview | undefined> {
  const { clinicId } = subject
  return database.read(async (tx) => {
    if (!can(subject, 'manage-privacy', { clinicId })) return undefined
    const person = await findPerson(tx, clinicId, patientId)
    return person && previewOf(tx, person, now())
  })
}

/** Erases what was previewed; `stale-preview` when something has changed since. */
export async function erasePerson(
  { writer, keepErasure }: ErasureDeps,
  subject: Subject,
  patientId: PatientId,
  { reason, confirmation }: ErasureBody,
): Promise<ErasureAnswer> {
  const { clinicId } = subject
  const refuse = (why: 'not-found' | 'legal-hold' | 'stale-preview'): Outcome<ErasureAnswer> => ({
    ok: false,
    value: { ok: false, reason: why },
  })
  const answer = await writer.submit<ErasureAnswer>(clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const person = await findPerson(ctx.tx, clinicId, patientId)
      if (!person || !can(subject, 'manage-privacy', { clinicId })) return refuse('not-found')
      const preview = await previewOf(ctx.tx, person, ctx.now)
      if (preview.holds.length > 0) return refuse('legal-hold')
      if (preview.confirmation !== confirmation) return refuse('stale-preview')
      await erase(ctx, person, reason)
      return { ok: true, value: { ok: true, erasedAt: ctx.now } }
    },
  })
  if (answer.ok) keepErasure({ clinicId, patientId, reason })
  return answer
}

/**
 * Erases anew whom a restored backup has brought back. Holds are not asked: they were, when it was decided. Safe to run twice.
 * @returns how many were there again
 */
export async function reapplyErasures(
  { writer }: Pick<ErasureDeps, 'writer'>,
  erasures: readonly Erased[],
): Promise<number> {
  let count = 0
  for (const { clinicId, patientId, reason } of erasures) {
    const wasThere = await writer.submit<boolean>(clinicId, 'bulk', {
      subject: null,
      door: 'job',
      run: async (ctx) => {
        const person = await findPerson(ctx.tx, clinicId, patientId)
        if (person) await erase(ctx, person, reason)
        return { ok: true, value: person !== undefined }
      },
    })
    if (wasThere) count += 1
  }
  return count
}

async function previewOf(tx: Tx, person: FoundPerson, now: Instant): Promise<ErasurePreview> {
  const { clinicId, patientId, userId, documentIds, rejectedIds, patient } = person
  const visits = await listAppointmentsOfPatient(tx, clinicId, patientId)
  const { zone } = await getClinic(tx, clinicId)
  const holds = await listLiveHolds(tx, clinicId, patientId, localDayOf(now, zone))
  const seen = {
    appointments: visits.length,
    upcoming: visits.filter((visit) => isUpcoming(visit, now)).length,
    revisions: await countRevisions(tx, documentIds),
    waitlistEntries: documentIds.length - visits.length - 1,
    refusedChanges: rejectedIds.length,
    isAccountErased: userId !== null && !(await hasOtherUse(tx, userId, { clinicId, patientId })),
    holds: holds.map(toHoldView),
  }
  const text = canonicalText({ ...seen, patientId, revision: patient.revision })
  return { ...seen, confirmation: createHash('sha256').update(text).digest('hex').slice(0, 32) }
}

async function erase(ctx: WriteContext, person: FoundPerson, reason: ErasureReason): Promise<void> {
  const { tx, clinicId, now } = ctx
  const { patientId, userId, rejectedIds, patient } = person
  const isAccountErased = userId !== null && !(await hasOtherUse(tx, userId, { clinicId, patientId }))
  const count = await eraseVisits(ctx, patientId, userId)
  await eraseWaitlist(ctx, person.documentIds)
  await eraseRefused(ctx, rejectedIds)
  await saveDocument(ctx, 'patients', patient, { ...patient, ...NOBODY, _deleted: true })
  await eraseMessages(ctx, person)
  await deleteTracesOfPatient(tx, person)
  // A list may name the person.
  await endListsOfClinic(tx, clinicId, now)
  if (isAccountErased && userId !== null) await blankAccount(tx, userId, now)
  const erasedBy = ctx.subject?.userId ?? null
  const row = { clinic_id: clinicId, patient_id: patientId, reason, erased_by: erasedBy, erased_at: now }
  await noteErasure(tx, row)
  const detail = { reason, appointments: count, account: isAccountErased }
  ctx.addAudit({ userId: erasedBy, action: 'erased', collection: 'patients', documentIds: [patientId], detail })
  ctx.forget()
}

const NOBODY = {
  userId: null,
  name: '',
  birthDate: null,
  gender: 'unknown',
  phone: '',
  email: '',
  alerts: [],
  note: '',
} as const satisfies Partial<FoundPerson['patient']>

async function eraseVisits(ctx: WriteContext, patientId: PatientId, userId: UserId | null): Promise<number> {
  const visits = await listAppointmentsOfPatient(ctx.tx, ctx.clinicId, patientId)
  const ids = visits.map(({ id }) => id)
  await rewriteRevisions(ctx.tx, ids, (content) => canonicalText(blankVersion(JSON.parse(content), userId)))
  for (const visit of visits) {
    await saveDocument(ctx, 'appointments', visit, blankVisit(visit, userId, ctx.now))
  }
  return visits.length
}

async function eraseWaitlist(ctx: WriteContext, ids: readonly string[]): Promise<void> {
  for (const entry of await findDocuments(ctx.tx, 'waitlist_entries', ids)) {
    const status = entry.status === 'booked' ? entry.status : 'withdrawn'
    await saveDocument(ctx, 'waitlist_entries', entry, { ...entry, note: '', status, _deleted: true })
  }
}

/** What the patient was told, and what doctors were told of their visits: it may name them. */
async function eraseMessages(ctx: WriteContext, person: FoundPerson): Promise<void> {
  const ids = await listAboutPatient(ctx.tx, person)
  await hideNotices(ctx, ids)
  await deleteNotifications(ctx.tx, ids)
}

async function eraseRefused(ctx: WriteContext, ids: readonly string[]): Promise<void> {
  for (const refused of await findDocuments(ctx.tx, 'rejected_changes', ids)) {
    const blank = { ...refused, attempted: '', base: null, takenBy: '', _deleted: true }
    await saveDocument(ctx, 'rejected_changes', refused, blank)
  }
  await deleteKeptChanges(ctx.tx, ids)
}
