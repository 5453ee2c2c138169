/** `verify` says what contradicts itself in a clinic's tables, and nothing about a clinic in order. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { createSealKey, sealAudit } from '#server/operations/audit-seal.ts'
import { followWindow } from '#server/operations/follow-window.ts'
import { lockDocument, saveDocument } from '#server/operations/save-document.ts'
import { verifyClinic } from '#server/operations/verify-clinic.ts'
import { at, book, placed } from '#tests/support/bookings.ts'
import { anAppointment, aSchedule, TEST_ZONE, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, seedDocuments } from '#tests/support/fixture-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const KEY = createSealKey('a secret of the tests, 32 characters long')

describe.each(engines)('verify on %s', (engine) => {
  let fixture: Fixture
  let visitId = ''
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
    visitId = placed(await book(fixture, { patientId: testId('Patient', 1), note: 'Zyx-Marker' })).id
    await fixture.database.write((tx) => sealAudit(tx, KEY, { clinicId: fixture.clinic.clinicId, at: 1 }))
  })
  afterAll(() => fixture.close())

  const verify = () =>
    verifyClinic({ database: fixture.database, now: () => fixture.clock.now, sealKey: KEY }, fixture.clinic.clinicId)
  /** Breaks something, says what verify finds, and mends it. */
  async function foundAfter(spoil: (tx: Tx) => Promise<unknown>, mend: (tx: Tx) => Promise<unknown>) {
    await fixture.database.write(spoil)
    const problems = await verify()
    await fixture.database.write(mend)
    expect(await verify()).toEqual([])
    expect(JSON.stringify(problems)).not.toContain('Zyx-Marker')
    return problems
  }
  type Tx = Parameters<Parameters<Fixture['database']['write']>[0]>[0]

  test('finds nothing in a clinic in order', async () => {
    expect(await verify()).toEqual([])
  })

  test('finds content that was changed behind the server’s back', async () => {
    const set = (note: string) => (tx: Tx) =>
      tx
        .updateTable('appointments')
        .set({ note })
        .where('id', '=', visitId as never)
        .execute()
    expect(await foundAfter(set('changed'), set('Zyx-Marker'))).toEqual([
      { check: 'documents', sentence: `appointments ${visitId}: the stored hash is not that of the content.` },
    ])
  })

  test('finds a document that is shown to somebody who should not see it, and one hidden from whom it is for', async () => {
    const { clinicId } = fixture.clinic
    const stranger = `user:${testId('User', 99)}`
    const view = { clinic_id: clinicId, collection: 'appointments', document_id: visitId, seq: 1, visible: 1 } as const
    const shown = await foundAfter(
      (tx) =>
        tx
          .insertInto('document_views')
          .values({ ...view, audience: stranger })
          .execute(),
      (tx) => tx.deleteFrom('document_views').where('audience', '=', stranger).execute(),
    )
    expect(shown).toEqual([
      { check: 'documents', sentence: `appointments ${visitId}: shown to ${stranger}, who should not see it.` },
    ])
    const desk = `clinic:${clinicId}`
    const hide = (visible: number) => (tx: Tx) =>
      tx
        .updateTable('document_views')
        .set({ visible })
        .where('document_id', '=', visitId)
        .where('audience', '=', desk)
        .execute()
    expect(await foundAfter(hide(0), hide(1))).toEqual([
      { check: 'documents', sentence: `appointments ${visitId}: not shown to ${desk}, who should see it.` },
    ])
  })

  test('finds a counter that stands behind the changes it numbered', async () => {
    const { clinicId } = fixture.clinic
    const move = (by: number) => (tx: Tx) =>
      tx
        .updateTable('change_counters')
        .set(({ eb }) => ({ value: eb('value', '+', by) }))
        .where('clinic_id', '=', clinicId)
        .execute()
    expect((await foundAfter(move(-1), move(1))).map(({ check }) => check)).toEqual(['order'])
  })

  test('finds two visits in one time, and a row of the audit that was changed', async () => {
    const other = placed(
      await book(fixture, { start: fixture.clock.now + 90_000_000, patientId: testId('Patient', 2) }),
    )
    const { start, end } = other
    const visit = await fixture.database.read((tx) =>
      tx
        .selectFrom('appointments')
        .selectAll()
        .where('id', '=', visitId as never)
        .executeTakeFirstOrThrow(),
    )
    const move = (start_at: number, end_at: number) => (tx: Tx) =>
      tx.updateTable('appointments').set({ start_at, end_at }).where('id', '=', other.id).execute()
    const doubled = await foundAfter(move(visit.start_at, visit.end_at), move(start, end))
    expect(doubled.map(({ check }) => check)).toEqual(['bookings', 'documents'])
    const first = await fixture.database.read((tx) =>
      tx.selectFrom('audit_log').selectAll().orderBy('chain').orderBy('seq').limit(1).executeTakeFirstOrThrow(),
    )
    const act = (action: string) => (tx: Tx) =>
      tx
        .updateTable('audit_log')
        .set({ action })
        .where('chain', '=', first.chain)
        .where('seq', '=', first.seq)
        .execute()
    expect(await foundAfter(act('looked at'), act(first.action))).toEqual([
      {
        check: 'audit',
        sentence: `The audit chain ${first.chain} does not hold from row 1 on: it was changed, removed or moved.`,
      },
    ])
  })
})

test.each(engines)(
  'a window that moves, and what was deleted at its edge, are no contradiction on %s',
  async (engine) => {
    const fixture = await aFixtureClinic(engine)
    try {
      const { database, clock, writer, clinic } = fixture
      const follow = (signal?: AbortSignal) =>
        followWindow({ database, writer, now: () => clock.now }, { id: clinic.clinicId, zone: TEST_ZONE }, signal)
      const verify = () => verifyClinic({ database, now: () => clock.now, sealKey: KEY }, clinic.clinicId)
      const first = at(-31, '09:00')
      const visits = Array.from({ length: 30 }, (_, n) =>
        anAppointment({
          id: testId('Appointment', n + 1),
          start: first + minutes(15 * n),
          end: first + minutes(15 * n + 15),
        }),
      )
      await seedDocuments(writer, 'appointments', visits)
      const leave = aSchedule({ date: '2026-09-13' })
      await seedDocuments(writer, 'schedules', [leave])
      await writer.submit(clinic.clinicId, 'interactive', {
        subject: null,
        door: 'seed',
        run: async (ctx) => {
          const before = await lockDocument(ctx, 'schedules', leave.id)
          if (before) await saveDocument(ctx, 'schedules', before, { ...before, _deleted: true })
          return { ok: true, value: undefined }
        },
      })
      clock.now += minutes(24 * 60)
      const stopping = new AbortController()
      const cutOff = follow(stopping.signal)
      stopping.abort()
      await cutOff
      expect(await verify()).toEqual([])
      await follow()
      expect(await verify()).toEqual([])
    } finally {
      await fixture.close()
    }
  },
)
