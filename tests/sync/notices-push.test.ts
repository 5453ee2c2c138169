// What somebody was told, as a document on their devices: who holds it, what may be marked, and when it leaves.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShippedRole } from '#domain/access/roles.ts'
import { NOTICE_DAYS, type Notice } from '#domain/message/notice.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { createSealKey } from '#server/operations/audit-seal.ts'
import { levelNotices } from '#server/operations/notifications/level-notices.ts'
import { readNotifications } from '#server/operations/notifications/own-notifications.ts'
import { pushChanges } from '#server/operations/push-changes.ts'
import { sumReplica } from '#server/operations/sum-replica.ts'
import { verifyClinic } from '#server/operations/verify-clinic.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { deleteOldNotifications } from '#server/repositories/notifications.ts'
import { aNotice, testId } from '#tests/support/builders.ts'
import { aFixtureClinic, type Fixture, subjectOf } from '#tests/support/fixture-clinic.ts'
import { aPullDevice } from '#tests/support/pull-device.ts'
import { engines } from '#tests/support/throw-away-database.ts'
import { insertTold, tellInApp } from '#tests/support/told-notices.ts'

type Document = WireDocument<'notifications'>

const DAY = hours(24)

describe.each(engines)('messages in the list on %s', (engine) => {
  let fixture: Fixture
  let made = 0
  beforeAll(async () => {
    fixture = await aFixtureClinic(engine)
  })
  afterAll(() => fixture.close())

  const stored = (id: string) =>
    fixture.database.read((tx) => findDocument(tx, 'notifications', id)) as Promise<Document>
  const rowOf = (id: string) =>
    fixture.database.read((tx) =>
      tx
        .selectFrom('notifications')
        .selectAll()
        .where('id', '=', id as never)
        .executeTakeFirst(),
    )
  const noticeFor = (role: ShippedRole, part: Partial<Notice> = {}): Notice => {
    made += 1
    const at = fixture.clock.now
    const of = { userId: fixture.clinic.userIds[role], createdAt: at, shownAt: at }
    return aNotice({ id: testId('Notification', made), ...of, ...part })
  }
  const told = async (role: ShippedRole, part: Partial<Notice> = {}): Promise<Document> => {
    const notice = noticeFor(role, part)
    await tellInApp(fixture, notice)
    return stored(notice.id)
  }
  const deps = () => ({ writer: fixture.writer, noteAccess: async () => undefined })
  const refusals = () => fixture.database.read((tx) => tx.selectFrom('rejected_changes').select('reason').execute())
  /** Pushes as somebody. @returns what the server answered */
  async function push(role: ShippedRole, wanted: Partial<Document>, base?: Document) {
    fixture.clock.now += minutes(1)
    const row = { newDocumentState: { ...base, ...wanted }, ...(base && { assumedMasterState: base }) }
    return pushChanges(deps(), subjectOf(fixture.clinic, role), 'notifications', [row as unknown as PushRow])
  }
  const deviceOf = (role: ShippedRole) => {
    const device = aPullDevice(fixture, 'notifications')
    return { ...device, pull: () => device.pull(subjectOf(fixture.clinic, role)), device }
  }

  test('are on the devices of whom they are for and of nobody else, and each look at them is noted', async () => {
    const { id } = await told('doctor', { appointmentId: testId('Appointment', 1) })
    const [doctor, desk] = [deviceOf('doctor'), deviceOf('admin')]
    await doctor.pull()
    await desk.pull()
    expect(doctor.live()).toContain(id)
    expect(desk.live()).not.toContain(id)
    expect(doctor.disclosed).toMatchObject([{ action: 'pulled', collection: 'notifications' }])
  })

  test('that wait to be told are nobody’s', async () => {
    const notice = noticeFor('doctor')
    await insertTold(fixture, notice)
    const doctor = deviceOf('doctor')
    await doctor.pull()
    expect(doctor.live()).not.toContain(notice.id)
    const waiting = await stored(notice.id)
    await push('doctor', { readAt: fixture.clock.now }, waiting)
    expect((await stored(notice.id)).readAt).toBeNull()
  })

  test('are read by a push as by REST: read at all devices, delivered in the table', async () => {
    const [one, other] = [await told('doctor'), await told('doctor')]
    const readAt = fixture.clock.now + 1_000
    expect(await push('doctor', { readAt }, one)).toEqual([])
    const rest = { database: fixture.database, writer: fixture.writer, now: fixture.now }
    await readNotifications(rest, subjectOf(fixture.clinic, 'doctor'), [other.id])
    const rows = [await rowOf(one.id), await rowOf(other.id)]
    expect(rows).toMatchObject([
      { read_at: readAt, delivered_at: readAt, status: 'delivered', revision: 2 },
      { read_at: fixture.clock.now, delivered_at: fixture.clock.now, status: 'delivered', revision: 2 },
    ])
    const doctor = deviceOf('doctor')
    await doctor.pull()
    for (const id of [one.id, other.id])
      expect(doctor.documents.get(id)).toMatchObject({ revision: 2, _deleted: false })
  })

  test('stay read: a mark is not taken back, and of two times the earlier one stands', async () => {
    const notice = await told('doctor')
    const early = fixture.clock.now
    await push('doctor', { readAt: early + 5_000 }, notice)
    const read = await stored(notice.id)
    expect(await push('doctor', { readAt: null }, read)).toMatchObject([{ readAt: early + 5_000 }])
    await push('doctor', { readAt: early + 1_000 }, await stored(notice.id))
    expect((await stored(notice.id)).readAt).toBe(early + 1_000)
    const before = await stored(notice.id)
    expect(await push('doctor', { readAt: early + 9_000 }, before)).toMatchObject([{ readAt: early + 1_000 }])
    expect((await stored(notice.id)).revision).toBe(before.revision)
  })

  test('take no other change, from nobody, and nobody adds or deletes one', async () => {
    const notice = await told('doctor')
    const before = (await refusals()).length
    expect(await push('doctor', { subject: 'Something else' }, notice)).toMatchObject([{ subject: notice.subject }])
    expect(await push('doctor', { _deleted: true }, notice)).toMatchObject([{ _deleted: false }])
    const own = noticeFor('doctor')
    expect(await push('doctor', { ...own, _deleted: false })).toMatchObject([{ id: own.id, _deleted: true }])
    expect(
      (await refusals())
        .slice(before)
        .map(({ reason }) => reason)
        .sort(),
    ).toEqual(['not-allowed', 'read-only-collection', 'server-owned-field'])
    expect(await stored(notice.id)).toEqual(notice)
  })

  test('of somebody else cannot be marked, and the answer does not tell whether they exist', async () => {
    const notice = await told('doctor')
    const nothing = { ...notice, id: testId('Notification', 9_999) }
    const before = (await refusals()).length
    const [real, unreal] = [notice, nothing].map((base) => push('admin', { readAt: fixture.clock.now }, base))
    const [answer] = (await real) ?? []
    expect({ ...answer, id: nothing.id }).toEqual((await unreal)?.[0])
    expect(answer).toMatchObject({ _deleted: true, subject: '' })
    expect((await stored(notice.id)).readAt).toBeNull()
    expect(await refusals()).toHaveLength(before)
  })

  test('leave the devices after their days, can still be read by who holds them, and agree with the sums and the checks', async () => {
    const old = await told('doctor')
    const doctor = deviceOf('doctor')
    await doctor.pull()
    fixture.clock.now += NOTICE_DAYS * DAY + minutes(5)
    const fresh = await told('doctor')
    await levelNotices(fixture, fixture.clinic.clinicId)
    await doctor.pull()
    expect(doctor.live()).toEqual([fresh.id])
    // A device that was away marks it, and is told to let go of it.
    expect(await push('doctor', { readAt: fixture.clock.now }, old)).toMatchObject([{ id: old.id, _deleted: true }])
    expect((await stored(old.id)).readAt).not.toBeNull()
    await doctor.pull()
    expect(doctor.live()).toEqual([fresh.id])
    const subject = subjectOf(fixture.clinic, 'doctor')
    const sum = await sumReplica(fixture, subject, 'notifications', doctor.device.checkpoint as never)
    expect(sum).toMatchObject({ ok: true, held: { count: 1 } })
    const problems = await verifyClinic({ ...fixture, sealKey: createSealKey('x'.repeat(32)) }, fixture.clinic.clinicId)
    expect(problems.filter(({ check }) => check === 'documents')).toEqual([])
  })

  test('told before they were documents come once, those that are too old do not', async () => {
    const [young, old] = [noticeFor('patient'), noticeFor('patient', { shownAt: fixture.clock.now - 40 * DAY })]
    await insertTold(fixture, young)
    await insertTold(fixture, old)
    await levelNotices(fixture, fixture.clinic.clinicId)
    await levelNotices(fixture, fixture.clinic.clinicId)
    const patient = deviceOf('patient')
    await patient.pull()
    expect(patient.live()).toEqual([young.id])
    expect(await stored(young.id)).toMatchObject({ shownAt: young.shownAt, revision: 1 })
  })

  test('that are deleted with the years leave no trace of who held them', async () => {
    const { clinicId } = fixture.clinic
    const notice = await told('patient')
    await fixture.database.write((tx) => deleteOldNotifications(tx, clinicId, fixture.clock.now + 1, 500))
    const views = await fixture.database.read((tx) =>
      tx.selectFrom('document_views').select('audience').where('document_id', '=', notice.id).execute(),
    )
    expect([await rowOf(notice.id), views]).toEqual([undefined, []])
  })
})
