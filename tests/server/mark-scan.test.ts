/** The watch that looks through what every other test leaves behind finds something where there is something. */
import { afterEach, expect, test } from 'vitest'
import type { AppointmentId } from '#domain/ids.ts'
import { outboxRow } from '#server/events/outbox-row.ts'
import { insertEvents } from '#server/repositories/outbox.ts'
import { testId } from '#tests/support/builders.ts'
import { aBooking } from '#tests/support/event-line.ts'
import { findMarks, marksOf } from '#tests/support/mark-scan.ts'
import { aServer, type ServerUnderTest } from '#tests/support/server-under-test.ts'

const PERSON = {
  name: 'Zyxa Markerova',
  email: 'zyxa@example.org',
  phone: '+48 600 777 888',
  note: 'afraid of needles',
}
const MARKS = marksOf([PERSON], [{ reason: 'a very sore throat', note: 'follow-up' }])

const { MARKS_FILE } = process.env
afterEach(() => {
  if (MARKS_FILE !== undefined) process.env.MARKS_FILE = MARKS_FILE
})

test.each([
  ['a name', 'booked for zyxa markerova'],
  ['an e-mail address', '{"to":"Zyxa@example.org"}'],
  ['a phone number', 'sms to +48600777888'],
  ['a note', 'note: Afraid of needles'],
  ['a reason', 'for a very sore throat'],
])('%s is found however it is written', (what, log) => {
  expect(findMarks(MARKS, { log })).toEqual([expect.stringContaining(`${what} (`)])
})

test('an address is also read as people would read it, and a word that may be a code is no mark', () => {
  expect(findMarks(MARKS, { addresses: '/patients?name=Zyxa%20Markerova' })).toHaveLength(1)
  expect(findMarks(MARKS, { log: 'kind follow-up' })).toEqual([])
})

test.each(['log', 'event'])('a server whose %s names a patient is told of when it ends', async (place) => {
  // What this one leaves behind is not part of what all others have left.
  delete process.env.MARKS_FILE
  const server = await aServer('sqlite')
  const name = await nameOf(server)
  if (place === 'log') server.server.app.log.info({ who: name }, 'seen')
  else {
    const { payload, ...event } = aBooking(testId('Event', 1))
    const told = { ...event, payload: { ...payload, appointmentId: name as AppointmentId } }
    const parts = { newId: server.server.newId, clinicId: server.clinic.clinicId, now: server.clock.now }
    await server.database.write((tx) => insertEvents(tx, [outboxRow(parts, told)]))
  }
  await expect(server.stop()).rejects.toThrow(`a name ("${name.toLowerCase()}") in the ${place}`)
})

async function nameOf({ database }: ServerUnderTest): Promise<string> {
  const { name } = await database.read((tx) => tx.selectFrom('patients').select('name').executeTakeFirstOrThrow())
  return name
}
