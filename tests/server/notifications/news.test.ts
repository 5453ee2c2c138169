/** What patients and doctors are told of visits: by real SMTP and a gateway, once, and never of what was taken back in time. */
import ical from 'ical.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours, minutes, seconds } from '#domain/time/instant.ts'
import { testId } from '#tests/support/builders.ts'
import { aTellingClinic, emailOf, nineOn, phoneOf, type TellingClinic } from '#tests/support/telling-clinic.ts'
import { engines } from '#tests/support/throw-away-database.ts'

describe.each(engines)('news of visits on %s', (engine) => {
  let told: TellingClinic
  beforeAll(async () => {
    told = await aTellingClinic(engine)
  })
  afterAll(() => told.stop())

  const mailsTo = (patient: number) => told.mails().filter(({ to }) => JSON.stringify(to).includes(emailOf(patient)))
  const textsTo = (patient: number) => told.gateway.sent.filter(({ to }) => to === phoneOf(patient))

  test('a booking is told by e-mail after the undo window: text, page and an entry for the calendar', async () => {
    const visit = await told.book(0)
    await told.settle()
    expect(mailsTo(2)).toEqual([])
    await told.wait(minutes(3))
    expect(mailsTo(2)).toHaveLength(1)
    const [mail] = mailsTo(2)
    expect(mail?.subject).toMatch(/14 October|October 14/)
    expect(mail?.text).toMatch(/Patient/)
    expect(mail?.html).toContain('<p')
    const [row] = (await told.messages()).filter(({ type, kind }) => type === 'email' && kind === 'booked')
    expect(mail?.messageId).toContain(row?.id ?? 'none')
    expect(row).toMatchObject({ status: 'sent', recipient: emailOf(2), appointment_id: visit.id, attempts: 1 })
    const invite = mail?.attachments.find(({ contentType }) => contentType.includes('calendar'))
    const event = new ical.Component(ical.parse(String(invite?.content))).getFirstSubcomponent('vevent')
    expect(event?.getFirstPropertyValue('uid')).toBe(`${visit.id}@healthcare-appointment-system`)
    expect(event?.getFirstPropertyValue('sequence')).toBe(1)
    // Booking is no news for a phone.
    expect(textsTo(2)).toEqual([])
    await told.wait(minutes(10))
    expect(mailsTo(2)).toHaveLength(1)
  })

  test('what is undone inside the window is never told', async () => {
    const visit = await told.book(1, { patientId: testId('Patient', 4) })
    await told.wait(seconds(100))
    await told.step(visit.id, 'cancel', { reason: 'wrong patient', revision: visit.revision })
    await told.wait(minutes(30))
    expect([mailsTo(4), textsTo(4)]).toEqual([[], []])
    const rows = (await told.messages()).filter(
      ({ appointment_id, type }) => appointment_id === visit.id && type === 'email',
    )
    expect(rows.map(({ status }) => status)).toEqual(['skipped', 'skipped'])
  })

  test('a visit moved twice in a row is told once, with the time before and the time that holds', async () => {
    const visit = await told.book(2, { patientId: testId('Patient', 5) })
    await told.wait(minutes(4))
    const first = await told.step(visit.id, 'move', { start: visit.start + hours(2), revision: visit.revision })
    await told.wait(minutes(2))
    await told.step(visit.id, 'move', { start: visit.start + hours(3), revision: first.revision })
    await told.wait(minutes(2))
    expect(textsTo(5)).toEqual([])
    await told.wait(minutes(2))
    expect(textsTo(5)).toHaveLength(1)
    expect(textsTo(5)[0]?.body).toMatch(/9:30.*12:30/)
    expect(mailsTo(5)).toHaveLength(2)
  })

  test('a move that is taken back is no news', async () => {
    const visit = await told.book(3, { patientId: testId('Patient', 6) })
    await told.wait(minutes(4))
    const moved = await told.step(visit.id, 'move', { start: visit.start + hours(4), revision: visit.revision })
    await told.wait(minutes(1))
    await told.step(visit.id, 'move', { start: visit.start, revision: moved.revision })
    await told.wait(minutes(30))
    expect(textsTo(6)).toEqual([])
    expect(mailsTo(6)).toHaveLength(1)
  })

  test('a cancellation says so to patient and calendar', async () => {
    const visit = await told.book(4, { patientId: testId('Patient', 7) })
    await told.wait(minutes(4))
    await told.step(visit.id, 'cancel', { reason: 'Zyx-Marker', revision: visit.revision })
    await told.wait(minutes(4))
    expect(textsTo(7)).toHaveLength(1)
    // Who did it stands in the letter.
    expect(mailsTo(7).at(-1)?.text).toMatch(/By: (?!Fixture Clinic)\S/)
    const [, mail] = mailsTo(7)
    expect(JSON.stringify([mail?.text, mail?.html, textsTo(7)])).not.toContain('Zyx')
    const invite = mail?.attachments.find(({ contentType }) => contentType.includes('calendar'))
    expect(String(invite?.content)).toMatch(/METHOD:CANCEL[\s\S]*SEQUENCE:2/)
  })

  test('visits of one day booked one after the other make one message', async () => {
    const [patientId] = [testId('Patient', 8)]
    await told.book(5, { patientId })
    await told.wait(minutes(1))
    await told.book(12, { patientId })
    await told.wait(minutes(5))
    expect(mailsTo(8)).toHaveLength(1)
    expect(mailsTo(8)[0]?.text).toMatch(/10:15.*12:00/)
    const rows = (await told.messages()).filter(({ patient_id, type }) => patient_id === patientId && type === 'email')
    expect(rows.map(({ status }) => status)).toEqual(['sent', 'sent'])
    expect(rows.filter(({ merged_into }) => merged_into !== null)).toHaveLength(1)
  })

  test('in the quiet hours nobody is written to; when they end it is told', async () => {
    const evening = Date.parse('2026-10-15T20:30:00Z')
    told.server.clock.now = evening
    await told.book(0, { patientId: testId('Patient', 9), start: nineOn(5) })
    await told.wait(minutes(10))
    expect(mailsTo(9)).toEqual([])
    told.server.clock.now = Date.parse('2026-10-16T05:59:00Z')
    await told.settle()
    expect(mailsTo(9)).toEqual([])
    await told.wait(minutes(1))
    expect(mailsTo(9)).toHaveLength(1)
  })

  test('the doctor reads in the app what others did to the day, and nothing of the own doing', async () => {
    const mine = await told.book(0, {
      doctorId: testId('Doctor', 1),
      patientId: testId('Patient', 10),
      start: nineOn(6),
    })
    await told.settle()
    const list = await told.ask('GET', '/api/v1/notifications', 'doctor')
    expect(list.body.unreadCount).toBe(1)
    expect(list.body.notifications[0]).toMatchObject({ kind: 'booked', appointmentId: mine.id, readAt: null })
    const own = { reason: 'away', revision: mine.revision }
    expect((await told.ask('POST', `/api/v1/appointments/${mine.id}/cancel`, 'doctor', own)).status).toBe(200)
    await told.wait(minutes(4))
    expect((await told.ask('GET', '/api/v1/notifications', 'doctor')).body.unreadCount).toBe(1)
    const read = await told.ask('POST', '/api/v1/notifications/read', 'doctor', {})
    expect(read.body.unreadCount).toBe(0)
  })

  test('a mail server that is away, refuses for now, or for ever: later, later, and failed with a reason', async () => {
    told.mailServer.refuseWith(451)
    const visit = await told.book(8, { patientId: testId('Patient', 11), start: nineOn(7) })
    await told.wait(minutes(4))
    const rowOf = async () =>
      (await told.messages()).find(({ appointment_id, type }) => appointment_id === visit.id && type === 'email')
    expect(await rowOf()).toMatchObject({ status: 'pending', reason: 'unreachable', attempts: 1 })
    told.mailServer.refuseWith(null)
    await told.wait(minutes(1))
    expect(await rowOf()).toMatchObject({ status: 'sent', attempts: 2 })
    told.mailServer.refuseWith(550)
    const other = await told.book(9, {
      patientId: testId('Patient', 12),
      start: nineOn(7) + minutes(60),
    })
    await told.wait(minutes(4))
    const failed = (await told.messages()).find(
      ({ appointment_id, type }) => appointment_id === other.id && type === 'email',
    )
    expect(failed).toMatchObject({ status: 'failed', reason: 'refused' })
    told.mailServer.refuseWith(null)
    const again = await told.ask('POST', `/api/v1/messages/${failed?.id}/resend`, 'admin')
    expect(again.body.message.status).toBe('pending')
    await told.settle()
    expect(mailsTo(12)).toHaveLength(1)
  })

  test('who switched a channel off is not told there', async () => {
    const path = `/api/v1/patients/${testId('Patient', 13)}/notification-preferences`
    const body = { email: false, sms: true, app: true, reminders: true, language: 'de' }
    expect((await told.ask('PUT', path, 'receptionist', body)).status).toBe(200)
    const visit = await told.book(0, { patientId: testId('Patient', 13), start: nineOn(8) })
    await told.wait(minutes(4))
    await told.step(visit.id, 'cancel', { reason: 'away', revision: visit.revision })
    await told.wait(minutes(4))
    expect(mailsTo(13)).toEqual([])
    expect(textsTo(13)[0]?.body).toMatch(/abgesagt/)
  })
})
