/** A doctor who is also a patient has only a patient's rights on the own visit, over REST and over sync. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '#domain/time/instant.ts'
import { pushChanges } from '#server/operations/push-changes.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import { giveRole } from '#server/repositories/access.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { subjectOf } from '#tests/support/fixture-clinic.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'
import { engines } from '#tests/support/throw-away-database.ts'

const OWN = testId('Patient', 12)

describe.each(engines)('the own visit of a doctor on %s', (engine) => {
  let server: ServerUnderTest
  const visits = { own: '', other: '' }
  beforeAll(async () => {
    server = await aServer(engine)
    const { clinicId, userIds } = server.clinic
    await server.server.writer.submit(clinicId, 'bulk', {
      subject: null,
      door: 'seed',
      run: async (ctx) => {
        await giveRole(ctx.tx, clinicId, userIds.doctor, 'patient')
        const row = await findDocument(ctx.tx, 'patients', OWN)
        if (row) await saveDocument(ctx, 'patients', row, { ...row, userId: userIds.doctor })
        return { ok: true, value: undefined }
      },
    })
    const book = async (patientId: string, start: number) => {
      const body = { doctorId: testId('Doctor', 1), patientId, typeId: server.clinic.types.consultation.id, start }
      return (await server.request('POST', '/api/v1/appointments', { as: 'receptionist', body })).body.appointment.id
    }
    visits.own = await book(OWN, NINE_O_CLOCK)
    visits.other = await book(testId('Patient', 13), NINE_O_CLOCK + minutes(60))
  })
  afterAll(() => server.stop())

  test('another patient’s visit is the doctor’s to confirm, the own one is not', async () => {
    const confirm = (id: string) =>
      server.request('POST', `/api/v1/appointments/${id}/confirm`, { as: 'doctor', body: { revision: 1 } })
    expect((await confirm(visits.other)).status).toBe(200)
    const refused = await confirm(visits.own)
    expect([refused.status, refused.body.code]).toEqual([403, 'not-allowed'])
  })

  test('nor by a push', async () => {
    const subject = { ...subjectOf(server.clinic, 'doctor'), patientIds: [OWN] }
    const current = await server.database.read((tx) => findDocument(tx, 'appointments', visits.own))
    if (!current) throw new Error('The visit is gone')
    const row = { newDocumentState: { ...current, status: 'confirmed' as const }, assumedMasterState: current }
    const deps = { writer: server.server.writer, noteAccess: async () => undefined }
    const [answer] = await pushChanges(deps, subject, 'appointments', [row])
    expect(answer).toMatchObject({ id: visits.own, status: 'pending' })
  })
})
