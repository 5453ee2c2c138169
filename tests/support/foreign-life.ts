/**
 * What people of the foreign clinic have made: accounts, sessions, tokens, links, and everything else that has an id of its own.
 * All of it goes in through REST, by the foreign clinic's own people.
 */

import { slotIdOf } from '#domain/fhir/slot-id.ts'
import type { Id, PatientId } from '#domain/ids.ts'
import { VITORIA_COLUMNS } from '#domain/import/vitoria-row.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { blankNotification } from '#server/operations/notifications/plan-notifications.ts'
import { insertInbound } from '#server/repositories/inbound-messages.ts'
import { insertNotification } from '#server/repositories/notifications.ts'
import { insertParked } from '#server/repositories/parked-messages.ts'
import { NINE_O_CLOCK, testId } from './builders.ts'
import { addForeignClinic, FOREIGN_CLINIC, FOREIGN_DOCUMENTS, MARKER } from './foreign-clinic.ts'
import { FIXTURE_PASSWORD, type ServerUnderTest } from './server-under-test.ts'

/** The id of one thing of each kind, by the word that stands before it in addresses, and codes that were handed out there. */
export type ForeignLife = {
  readonly ids: Readonly<Record<string, string>>
  /** Links a foreign patient to whoever types it in. */
  readonly linkCode: string
  /** An account of the foreign clinic. */
  readonly email: string
}

/** The week after the leave that the foreign doctor takes, at nine. */
const FREE_DAY = NINE_O_CLOCK + hours(7 * 24)

/** @param server has the fixture clinic; the foreign one is added to it */
export async function addForeignLife(server: ServerUnderTest): Promise<ForeignLife> {
  await addForeignClinic(server)
  const email = await server.addAccount('admin', `${MARKER}-admin@other.test`, FOREIGN_CLINIC)
  const device = { id: testId('Device', 900), name: `${MARKER} desk` }
  const account = { email, password: FIXTURE_PASSWORD }
  const logIn = await server.request('POST', '/api/v1/auth/login', { body: { ...account, device } })
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await server.request(method, `/api/v1${path}`, { as: { token: logIn.body.token }, body })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const { doctors, patients, appointment_types: types, waitlist_entries: entries } = FOREIGN_DOCUMENTS
  const visit = { doctorId: doctors.id, patientId: patients.id, typeId: types.id }
  const start = FREE_DAY + minutes(60)

  const role = (await ask('POST', '/roles', { name: `${MARKER} role`, grants: [] })).role.id
  const invited = { name: `${MARKER} guest`, email: `${MARKER}-guest@other.test`, roleIds: [role] }
  const hook = { url: `https://${MARKER}.example/`, eventTypes: ['AppointmentConfirmed'] }
  const token = { name: MARKER, abilities: ['view-patients'], expiresInDays: 30, password: FIXTURE_PASSWORD }
  const holiday = { locationId: null, entries: [{ name: `${MARKER} day`, from: '2027-02-03' }] }
  const rule = { frequency: 'weekly', interval: 1, count: 2 }
  const webhook = (await ask('POST', '/webhooks', hook)).webhook.id
  const hold = (await ask('POST', '/holds', { ...visit, start })).hold.id
  const offered = { entryIds: [entries.id], doctorId: doctors.id, start: start + minutes(60) }
  const series = { ...visit, start: { day: '2026-10-28', time: '10:00' }, rule, reason: MARKER }
  const legalHold = await ask('POST', `/patients/${patients.id}/legal-holds`, { reason: MARKER })
  await ask('POST', '/closures', { ...holiday, mode: 'refuse-if-stranded' })
  const reported = { definition: 'appointments', filter: { from: '2026-10-01', until: '2026-10-31' }, type: 'csv' }
  const userId = (await ask('GET', '/auth/me')).user.id
  const ids = {
    ...documentIds(),
    allotments: FOREIGN_DOCUMENTS.allotments.id,
    clinics: FOREIGN_CLINIC,
    users: userId,
    reports: (await ask('POST', '/reports', reported)).report.id,
    'report-schedules': (await ask('POST', '/report-schedules', aReportSchedule(userId))).schedule.id,
    'report-downloads': 'a-link-of-another-clinic',
    // The number of a version, and no id: one that no visit has.
    revisions: '77',
    sessions: (await ask('GET', '/auth/sessions')).sessions[0].id,
    devices: device.id,
    roles: role,
    invitations: (await ask('POST', '/invitations', invited)).invitation.id,
    tokens: (await ask('POST', '/tokens', token)).accessToken.id,
    webhooks: webhook,
    deliveries: await addDelivery(server, webhook),
    'calendar-feeds': (await ask('POST', '/calendar-feeds', { doctorId: doctors.id })).feed.id,
    closures: (await ask('GET', '/closures')).closures[0].id,
    'legal-holds': legalHold.hold.id,
    holds: hold,
    'handed-in': await addHandIn(server, ask, account),
    offers: (await ask('POST', '/waitlist/offers', offered)).offers[0].id,
    series: (await ask('POST', '/series', series)).seriesId,
    ...(await addMessages(server, patients.id)),
    'reminder-rules': (await ask('GET', '/reminder-rules')).rules[0].id,
    locations: (await ask('POST', '/locations', { name: `${MARKER} branch` })).location.id,
    equipment: (await ask('POST', '/equipment', { name: `${MARKER} lamp` })).equipment.id,
    imports: await addImport(server, logIn.body.token),
  }
  return { ids, email, linkCode: (await ask('POST', `/patients/${patients.id}/link-code`)).code }
}

/** What a revoked device of theirs had not sent. */
async function addHandIn(
  server: ServerUnderTest,
  // biome-ignore lint/suspicious/noExplicitAny: a test reads fields of answers it has just described
  ask: (method: string, path: string, body?: object) => Promise<any>,
  account: object,
): Promise<string> {
  const device = { id: testId('Device', 901), name: `${MARKER} laptop` }
  const { token } = (await server.request('POST', '/api/v1/auth/login', { body: { ...account, device } })).body
  await ask('DELETE', `/devices/${device.id}`)
  const told = await server.request('GET', '/api/v1/auth/me', { as: { token } })
  const row = { newDocumentState: { id: testId('DayNote', 901), _deleted: false, text: MARKER } }
  const { ticket } = told.body.revocation
  await ask('POST', '/devices/hand-in', { ticket, changes: [{ collection: 'day_notes', row }] })
  return (await ask('GET', '/devices/handed-in')).changes[0].id
}

const aReportSchedule = (recipient: string) => ({
  name: `${MARKER} report`,
  definition: 'activity',
  range: 'last-week',
  filter: {},
  type: 'pdf',
  weekday: 1,
  dayOfMonth: null,
  localTime: '07:00',
  recipientIds: [recipient],
  isActive: true,
})

function documentIds() {
  const { doctors, patients, appointment_types: types, appointments, rooms } = FOREIGN_DOCUMENTS
  return {
    doctors: doctors.id,
    patients: patients.id,
    'appointment-types': types.id,
    rooms: rooms.id,
    schedules: FOREIGN_DOCUMENTS.schedules.id,
    'schedule-templates': FOREIGN_DOCUMENTS.schedule_templates.id,
    appointments: appointments.id,
    waitlist: FOREIGN_DOCUMENTS.waitlist_entries.id,
    Practitioner: doctors.id,
    Schedule: doctors.id,
    Patient: patients.id,
    Appointment: appointments.id,
    Slot: slotIdOf({ doctorId: doctors.id, typeId: types.id, start: FREE_DAY + minutes(240) }),
  }
}

/** What was said to people there, what one wrote back, and what no service could act on. */
async function addMessages({ database, clock }: ServerUnderTest, patientId: string) {
  const ids = { message: testId('Notification', 900), parked: testId('ParkedMessage', 900), reply: 'SM-foreign' }
  const at = { created_at: clock.now, updated_at: clock.now }
  await database.write(async (tx) => {
    await insertNotification(tx, {
      ...blankNotification(clock.now),
      id: ids.message,
      clinic_id: FOREIGN_CLINIC,
      type: 'email',
      kind: 'booked',
      source_id: testId('Event', 901),
      recipient_key: `patient:${patientId}`,
      patient_id: patientId as PatientId,
      recipient: `${MARKER}@other.test`,
      message: MARKER,
      status: 'failed',
    })
    await insertParked(tx, {
      id: ids.parked,
      consumer: 'webhooks',
      event_id: testId('Event', 902),
      clinic_id: FOREIGN_CLINIC,
      type: 'AppointmentBooked',
      body: MARKER,
      reason: MARKER,
      attempts: 5,
      status: 'parked',
      next_at: clock.now,
      ...at,
    })
    const rest = { is_wrong_try: 0, notification_id: null, received_at: clock.now, settled_at: null, settled_by: null }
    const reply = { number: '+48600100999', body: MARKER, result: 'unclear', is_open: 1, ...rest }
    await insertInbound(tx, { id: ids.reply, clinic_id: FOREIGN_CLINIC, ...reply })
  })
  return {
    messages: ids.message,
    notifications: ids.message,
    'parked-messages': ids.parked,
    'message-replies': ids.reply,
    // The words of a clinic go by kind, channel and language, which no other clinic owns.
    'message-templates': 'no-kind',
    channel: 'no-language',
    // The last part of an address that the gateway was given.
    receipts: `${ids.message}.0.none`,
  }
}

/** One that has failed, so that nothing tries to send it. */
async function addDelivery({ database, clock }: ServerUnderTest, webhookId: string): Promise<string> {
  const id = testId('WebhookDelivery', 900)
  await database.write((tx) =>
    tx
      .insertInto('webhook_deliveries')
      .values({
        id,
        clinic_id: FOREIGN_CLINIC,
        webhook_id: webhookId as Id<'Webhook'>,
        event_id: testId('Event', 900),
        event_type: 'AppointmentConfirmed',
        body: MARKER,
        status: 'failed',
        attempts: 12,
        next_attempt_at: clock.now,
        last_status: 500,
        last_error: MARKER,
        created_at: clock.now,
        delivered_at: null,
      })
      .execute(),
  )
  return id
}

/** A file that nobody has said yes to. */
async function addImport({ url }: ServerUnderTest, token: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/imports?mapping=vitoria-no-show`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: `${VITORIA_COLUMNS.join(',')}\n`,
  })
  return ((await answer.json()) as { import: { id: string } }).import.id
}
