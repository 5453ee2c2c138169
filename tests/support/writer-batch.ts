/** Twenty bookings handed to the writer at once, the seventh of which must be refused. */

import { expect } from 'vitest'
import type { AppointmentId } from '#domain/ids.ts'
import { minutes } from '#domain/time/instant.ts'
import { applyAppointmentChange } from '#server/operations/apply-appointment-change.ts'
import type { BookingAnswer } from '#server/operations/booking-answer.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { verifyBookings } from '#server/operations/verify-bookings.ts'
import { findCounter } from '#server/repositories/change-counters.ts'
import { aPushed, at, type WireAppointment } from './bookings.ts'
import { testId } from './builders.ts'
import { type Fixture, subjectOf } from './fixture-clinic.ts'

const SIZE = 20
const BAD = 6
let batches = 0

export type SentBatch = {
  readonly documents: readonly WireAppointment[]
  readonly answers: readonly PromiseSettledResult<BookingAnswer>[]
}

/** Days on which a device holds what is booked: only there every booking has a view. */
const DAYS = 170

/** Twenty documents on a doctor's day of their own; the seventh wants the time of the sixth. */
function aBatch(): WireAppointment[] {
  batches += 1
  const day = 1 + (batches % DAYS)
  const turn = Math.floor(batches / DAYS)
  const doctorId = testId('Doctor', 1 + turn)
  return Array.from({ length: SIZE }, (_, index) => {
    const start = at(day) + minutes(15 * (index === BAD ? BAD - 1 : index))
    // With another doctor everybody comes at another time.
    const patientId = testId('Patient', 1 + ((index + 7 * turn) % SIZE))
    return aPushed({ start, end: start + minutes(15), doctorId, patientId })
  })
}

/** Sends a batch; a refusal leaves a row in the author's inbox, as sync push does. */
export async function sendBatch(writer: ClinicWriter, { clinic }: Fixture): Promise<SentBatch> {
  const subject = subjectOf(clinic, 'receptionist')
  const documents = aBatch()
  const answers = await Promise.allSettled(
    documents.map((wanted) =>
      writer.submit<BookingAnswer>(clinic.clinicId, 'interactive', {
        subject,
        door: 'rest',
        run: (ctx) => applyAppointmentChange(ctx, subject, { current: null, wanted, door: 'rest' }),
        refused: async (ctx) => {
          await saveDocument(ctx, 'rejected_changes', null, {
            id: ctx.newId<'RejectedChange'>(),
            clinicId: clinic.clinicId,
            userId: subject.userId,
            collectionName: 'appointments',
            documentId: wanted.id,
            reason: 'slot-taken',
            field: 'start',
            takenBy: '',
            takenAt: null,
            attempted: '{}',
            base: null,
            at: ctx.now,
            revision: 0,
            _deleted: false,
          })
        },
      }),
    ),
  )
  return { documents, answers }
}

/** Everything the tables hold about some documents. */
async function tablesOf({ database, clinic }: Fixture, ids: readonly AppointmentId[]) {
  return database.read(async (tx) => {
    const appointments = await tx.selectFrom('appointments').select('id').where('id', 'in', ids).execute()
    const revisions = await tx
      .selectFrom('appointment_revisions')
      .select('appointment_id')
      .where('appointment_id', 'in', ids)
      .execute()
    const views = await tx
      .selectFrom('document_views')
      .select(['document_id', 'seq'])
      .where('document_id', 'in', ids)
      .where('audience', 'like', 'clinic:%')
      .execute()
    const refusals = await tx
      .selectFrom('rejected_changes')
      .select('document_id')
      .where('document_id', 'in', ids)
      .execute()
    const events = await tx.selectFrom('outbox').select('payload').where('type', '=', 'AppointmentBooked').execute()
    const audit = await tx
      .selectFrom('audit_log')
      .select('document_ids')
      .where('collection', '=', 'appointments')
      .execute()
    const highest = await tx
      .selectFrom('document_views')
      .select(({ fn }) => fn.max('seq').as('seq'))
      .executeTakeFirst()
    const about = (texts: readonly string[]) => texts.flatMap((text) => ids.filter((id) => text.includes(id)))
    return {
      appointments: appointments.map(({ id }) => id),
      revisions: revisions.map(({ appointment_id }) => appointment_id),
      views: views.map(({ document_id }) => document_id),
      events: about(events.map(({ payload }) => payload)),
      audit: about(audit.map(({ document_ids }) => document_ids)),
      refusals: refusals.map(({ document_id }) => document_id),
      seqs: views.map(({ seq }) => seq),
      counter: (await findCounter(tx, clinic.clinicId))?.value,
      highest: highest?.seq,
    }
  })
}

/**
 * Compares answers and tables. An accepted booking is there once in every table, a refused one left exactly its inbox row, and a
 * booking without an answer is either wholly there or not at all: `unknown` says whether such answers are allowed.
 */
export async function expectAgreement(
  fixture: Fixture,
  { documents, answers }: SentBatch,
  { unknown = false } = {},
): Promise<void> {
  const ids = documents.map(({ id }) => id)
  const tables = await tablesOf(fixture, ids)
  const idsWhere = (test: (answer: PromiseSettledResult<BookingAnswer>) => boolean) =>
    ids.filter((_, index) => test(answers[index] as PromiseSettledResult<BookingAnswer>)).sort()
  const failed = idsWhere(({ status }) => status === 'rejected')
  const known = (list: readonly string[]) => list.filter((id) => !failed.includes(id as AppointmentId)).sort()
  const accepted = idsWhere((answer) => answer.status === 'fulfilled' && answer.value.ok)
  for (const table of ['appointments', 'revisions', 'views', 'events', 'audit'] as const) {
    expect([table, known(tables[table])]).toEqual([table, accepted])
    expect([table, [...tables[table]].sort()]).toEqual([table, [...tables.appointments].sort()])
  }
  expect(known(tables.refusals)).toEqual(idsWhere((answer) => answer.status === 'fulfilled' && !answer.value.ok))
  if (!unknown) expect(failed).toEqual([])
  expect(new Set(tables.seqs).size).toBe(tables.seqs.length)
  expect(tables.counter).toBe(tables.highest)
}

/** What holds of the whole database; slower, for the end of a test. */
export async function expectSoundness({ database, clinic }: Fixture): Promise<void> {
  expect(await verifyBookings(database, clinic.clinicId)).toEqual([])
  expect(await verifyAudit(database, clinic.clinicId)).toEqual([])
}
