// What a booking leaves behind beside its row: who sees it and its patient, events for the services, the audit.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cancelAppointment } from '#server/operations/cancel-appointment.ts'
import { confirmAppointment } from '#server/operations/confirm-appointment.ts'
import { moveAppointment } from '#server/operations/move-appointment.ts'
import { lockDocument, saveDocument } from '#server/operations/save-document.ts'
import { verifyAudit } from '#server/operations/verify-audit.ts'
import { aPushed, apply, at, book, placed } from '#tests/support/bookings.ts'
import { testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('the traces of a booking on %s', (engine) => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const reception = () => subjectOf(fixture.clinic, 'receptionist')
  const doctor = (number: number) => `doctor:${testId('Doctor', number)}`
  const views = (id: string) =>
    fixture.database.read(async (tx) => {
      const rows = await tx
        .selectFrom('document_views')
        .select(['audience', 'seq', 'visible'])
        .where('document_id', '=', id)
        .execute()
      return new Map(rows.map(({ audience, seq, visible }) => [audience, { seq, visible }]))
    })
  const seenBy = async (id: string) =>
    [...(await views(id))]
      .filter(([, { visible }]) => visible === 1)
      .map(([audience]) => audience)
      .sort()

  test('desk, doctor and the patient’s own log-in see it; on another day it moves to its new place in the order', async () => {
    const visit = placed(await book(fixture, { start: at(0), patientId: testId('Patient', 1) }))
    const { clinicId, userIds } = fixture.clinic
    expect(await seenBy(visit.id)).toEqual([`clinic:${clinicId}`, doctor(1), `user:${userIds.patient}`].sort())
    const before = await views(visit.id)
    placed(await moveAppointment(fixture, reception(), visit.id, { start: at(1), revision: 1 }))
    for (const [audience, { seq }] of await views(visit.id))
      expect(seq).toBeGreaterThan(before.get(audience)?.seq ?? Infinity)
  })

  test('a visit moved to a colleague leaves the first doctor’s sight and enters the other’s, the patient with it', async () => {
    const patientId = testId('Patient', 2)
    expect(await seenBy(patientId)).toEqual([`clinic:${fixture.clinic.clinicId}`])
    const visit = placed(await book(fixture, { start: at(2), patientId }))
    expect(await seenBy(patientId)).toContain(doctor(1))
    placed(
      await moveAppointment(fixture, reception(), visit.id, {
        start: at(2),
        doctorId: testId('Doctor', 2),
        revision: 1,
      }),
    )
    expect(await seenBy(visit.id)).toEqual([`clinic:${fixture.clinic.clinicId}`, doctor(2)].sort())
    expect((await views(visit.id)).get(doctor(1))).toMatchObject({ visible: 0 })
    expect(await seenBy(patientId)).toEqual([`clinic:${fixture.clinic.clinicId}`, doctor(2)].sort())
  })

  test('a cancelled visit takes the patient from its doctor’s sight, unless another visit remains', async () => {
    const patientId = testId('Patient', 3)
    const one = placed(await book(fixture, { start: at(3), patientId }))
    const two = placed(await book(fixture, { start: at(3, '10:00'), patientId }))
    const cancel = (id: typeof one.id) => cancelAppointment(fixture, reception(), id, { reason: 'ill', revision: 1 })
    placed(await cancel(one.id))
    expect(await seenBy(patientId)).toContain(doctor(1))
    placed(await cancel(two.id))
    expect(await seenBy(patientId)).not.toContain(doctor(1))
  })

  test('a booking by a doctor who knows the patient already leaves the patient’s place in the order alone', async () => {
    const patientId = testId('Patient', 4)
    placed(await book(fixture, { start: at(4), patientId }))
    const before = await views(patientId)
    placed(await book(fixture, { start: at(4, '10:00'), patientId }))
    expect(await views(patientId)).toEqual(before)
  })

  test('a visit more than a year ago shows its doctor no patient', async () => {
    const patientId = testId('Patient', 5)
    const asAdmin = { role: 'admin', door: 'import' } as const
    const long = { start: at(-400), end: at(-400, '09:15'), status: 'fulfilled', patientId } as const
    placed(await apply(fixture, aPushed(long), asAdmin))
    expect(await seenBy(patientId)).not.toContain(doctor(1))
    placed(await apply(fixture, aPushed({ ...long, start: at(-300), end: at(-300, '09:15') }), asAdmin))
    expect(await seenBy(patientId)).toContain(doctor(1))
  })

  test('a patient who gets a log-in sees the visits made before', async () => {
    const patientId = testId('Patient', 6)
    const visit = placed(await book(fixture, { start: at(5), patientId }))
    const user = `user:${fixture.clinic.userIds.admin}`
    const link = (userId: typeof fixture.clinic.userIds.admin | null) =>
      fixture.writer.submit(fixture.clinic.clinicId, 'interactive', {
        subject: null,
        door: 'rest',
        run: async (ctx) => {
          const patient = await lockDocument(ctx, 'patients', patientId)
          if (!patient) throw new Error('no patient')
          return { ok: true, value: await saveDocument(ctx, 'patients', patient, { ...patient, userId }) }
        },
      })
    await link(fixture.clinic.userIds.admin)
    expect(await seenBy(visit.id)).toContain(user)
    expect(await seenBy(patientId)).toContain(user)
    await link(null)
    expect(await seenBy(visit.id)).not.toContain(user)
    expect(await seenBy(patientId)).not.toContain(user)
  })

  test('events tell the services what happened, in order, with ids alone', async () => {
    const visit = placed(await book(fixture, { start: at(6), note: 'secret', reason: 'secret' }))
    placed(await confirmAppointment(fixture, reception(), visit.id, { revision: 1 }))
    placed(await moveAppointment(fixture, reception(), visit.id, { start: at(6, '10:00'), revision: 2 }))
    placed(await cancelAppointment(fixture, reception(), visit.id, { reason: 'secret', revision: 3 }))
    const events = await fixture.database.read((tx) =>
      tx.selectFrom('outbox').selectAll().where('payload', 'like', `%${visit.id}%`).orderBy('id').execute(),
    )
    expect(events.map(({ type, version, is_historic, sent_at }) => [type, version, is_historic, sent_at])).toEqual([
      ['AppointmentBooked', 1, 0, null],
      ['AppointmentConfirmed', 1, 0, null],
      ['AppointmentMoved', 1, 0, null],
      ['AppointmentCancelled', 1, 0, null],
    ])
    expect(JSON.stringify(events)).not.toContain('secret')
    expect(JSON.stringify(events)).not.toContain('Patient Number')
  })

  test('a refused booking leaves no event, no view, no revision', async () => {
    const count = () =>
      fixture.database.read(async (tx) => {
        const of = async (table: 'outbox' | 'document_views' | 'appointment_revisions') =>
          Number(
            (
              await tx
                .selectFrom(table)
                .select(({ fn }) => fn.countAll().as('count'))
                .executeTakeFirst()
            )?.count,
          )
        return [await of('outbox'), await of('document_views'), await of('appointment_revisions')]
      })
    placed(await book(fixture, { start: at(7) }))
    const before = await count()
    const refused = await book(fixture, { start: at(7), patientId: testId('Patient', 7) })
    expect(refused.ok).toBe(false)
    expect(await count()).toEqual(before)
  })

  test('the audit’s chains hold, and show where a row was changed, removed or cut off at the end', async () => {
    const { database, clinic } = fixture
    placed(await book(fixture, { start: at(8) }))
    expect(await verifyAudit(database, clinic.clinicId)).toEqual([])
    const last = await database.read((tx) =>
      tx.selectFrom('audit_log').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirstOrThrow(),
    )
    const where = { chain: last.chain, seq: last.seq }
    const change = (action: string) =>
      database.write((tx) =>
        tx
          .updateTable('audit_log')
          .set({ action })
          .where('chain', '=', last.chain)
          .where('seq', '=', last.seq)
          .execute(),
      )
    await change('looked at')
    expect(await verifyAudit(database, clinic.clinicId)).toEqual([{ ...where, fault: 'row' }])
    await change(last.action)
    expect(await verifyAudit(database, clinic.clinicId)).toEqual([])
    const remove = (seq: number) =>
      database.write((tx) =>
        tx.deleteFrom('audit_log').where('chain', '=', last.chain).where('seq', '=', seq).execute(),
      )
    await remove(last.seq)
    expect(await verifyAudit(database, clinic.clinicId)).toEqual([{ ...where, fault: 'end' }])
    await remove(2)
    expect(await verifyAudit(database, clinic.clinicId)).toEqual([{ chain: last.chain, seq: 2, fault: 'row' }])
  })
})
