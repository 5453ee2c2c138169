/** The fixture clinic with patients who can be reached, a real mail server and a gateway: what people are told, as they get it. */
import type { ParsedMail } from 'mailparser'
import type { ShippedRole } from '#domain/access/roles.ts'
import { addDays, toInstantChoosing } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import type { Engine } from '#server/database/dialect.ts'
import type { Broker } from '#server/event-parts.ts'
import { createSmtpMailer } from '#server/mail/smtp-mailer.ts'
import { findDocument, updateDocument } from '#server/repositories/documents.ts'
import type { NotificationRow } from '#server/repositories/notifications.ts'
import { createGatewaySender, gatewaySettings } from '#server/sms/gateway-sender.ts'
import { NINE_O_CLOCK, TEST_ZONE, testId } from './builders.ts'
import { aMailServer, type MailServer } from './mail-server.ts'
import { type Answer, aServer, type ServerUnderTest } from './server-under-test.ts'
import { aGateway, type FakeGateway, GATEWAY_TOKEN } from './sms-gateway.ts'

export const PUBLIC_URL = 'https://clinic.example'

export type TellingClinic = {
  readonly server: ServerUnderTest
  readonly gateway: FakeGateway
  readonly mailServer: MailServer
  /** A request in a session of its own. */
  ask(method: string, path: string, role: ShippedRole, body?: object): Promise<Answer>
  /** Passes everything on that has happened and sends everything that is due. */
  settle(): Promise<void>
  /** Moves the server's clock on, and settles. */
  wait(milliseconds: number): Promise<void>
  /** Books a visit through REST as reception; `slot` counts quarters of an hour from nine. */
  book(slot: number, more?: object): Promise<{ readonly id: string; readonly revision: number; readonly start: number }>
  step(id: string, step: string, body?: object): Promise<{ readonly revision: number }>
  messages(): Promise<readonly NotificationRow[]>
  mails(): readonly ParsedMail[]
  stop(): Promise<void>
}

/** Nine o'clock on the clinic's wall, so many days after the builders' day. */
export const nineOn = (days: number): number =>
  toInstantChoosing(addDays('2026-10-14', days), '09:00', TEST_ZONE, 'earlier')

/** Patient n has the address `patient-n@example.org` and a mobile number of their own; patient 3 shares that of patient 2. */
export const phoneOf = (patient: number): string => `+48600100${100 + (patient === 3 ? 2 : patient)}`
export const emailOf = (patient: number): string => `patient-${patient}@example.org`

export async function aTellingClinic(engine: Engine, amqp?: Broker): Promise<TellingClinic> {
  const gateway = await aGateway()
  const mailServer = await aMailServer()
  const server = await aServer(engine, {
    publicUrl: PUBLIC_URL,
    ...(amqp && { amqp }),
    mailer: createSmtpMailer(mailServer.url, { from: 'clinic@clinic.example', domain: 'clinic.example' }),
    mailFrom: 'clinic@clinic.example',
    sms: { sender: createGatewaySender(gatewaySettings(gateway.url), 1_500), token: GATEWAY_TOKEN },
  })
  await server.database.write(async (tx) => {
    for (let patient = 2; patient <= 20; patient += 1) {
      const found = await findDocument(tx, 'patients', testId('Patient', patient))
      if (!found) continue
      const reachable = { ...found, email: emailOf(patient), phone: phoneOf(patient) }
      await updateDocument(tx, 'patients', reachable, server.clock.now)
    }
  })
  const { events, people } = server.server
  const settle = async () => {
    await events.relay.drain()
    await people?.scheduler.drain()
    await people?.notifications.drain()
  }
  // The clock is moved by days, and sessions end after a working day.
  const ask: TellingClinic['ask'] = async (method, path, role, body) =>
    server.request(method, path, { as: { token: await server.logIn(role) }, ...(body !== undefined && { body }) })
  const post = async (path: string, body: object) => {
    const answer = await ask('POST', `/api/v1/appointments${path}`, 'receptionist', body)
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body.appointment
  }
  return {
    server,
    gateway,
    mailServer,
    ask,
    settle,
    wait: async (milliseconds) => {
      // What has happened is planned before the clock jumps, as it is where time passes.
      await settle()
      server.clock.now += milliseconds
      await settle()
    },
    book: (slot, more = {}) =>
      post('', {
        doctorId: testId('Doctor', 2),
        patientId: testId('Patient', 2),
        typeId: server.clinic.types.consultation.id,
        start: NINE_O_CLOCK + minutes(15) * slot,
        ...more,
      }),
    step: (id, step, body = {}) => post(`/${id}/${step}`, body),
    messages: () => server.database.read((tx) => tx.selectFrom('notifications').selectAll().orderBy('id').execute()),
    mails: () => mailServer.received,
    stop: async () => {
      await server.stop()
      await gateway.close()
      await mailServer.stop()
    },
  }
}
