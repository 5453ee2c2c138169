/** A scheduler and a sender in a process of their own; ends in order on SIGTERM, as a restart does. */
import { openDatabase } from '#server/database/database.ts'
import { createInProcessBus } from '#server/events/in-process-bus.ts'
import { createClinicWriter } from '#server/operations/clinic-writer.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { createNotificationService } from '#server/services/notifications/notification-service.ts'
import { createScheduler } from '#server/services/scheduler/scheduler.ts'
import { createGatewaySender, gatewaySettings } from '#server/sms/gateway-sender.ts'

const [databaseUrl = '', smsUrl = '', offset = '0'] = process.argv.slice(2)
const now = () => Date.now() + Number(offset)
const database = openDatabase({ url: databaseUrl })
const newId = newIdSource(now)
/** What goes wrong is seen in the test's own output. */
const tell = (fields: object, text: string) => console.error(text, (fields as { err?: unknown }).err ?? '')
const log = { info: () => undefined, warn: tell, error: tell }
const bus = createInProcessBus({ database, now, newId, log })
const writer = createClinicWriter({ database, now, newId })
const deps = { database, writer, now, newId, log, instanceId: newId<'Instance'>() }
const mailer = { send: async () => undefined, close: async () => undefined }
const notifications = createNotificationService({
  ...deps,
  mailer,
  mailFrom: 'clinic@clinic.example',
  sms: createGatewaySender(gatewaySettings(smsUrl)),
  linkTo: (path) => `https://clinic.example${path}`,
  // So that the gateway can tell which message it was given.
  statusCallback: (id) => `https://clinic.example/${id}`,
  onShown: () => undefined,
  random: Math.random,
})
const scheduler = createScheduler({ ...deps, onRaised: notifications.kick, chores: [] })
scheduler.start()
notifications.start()
// The services' own timers keep no process alive: that is for what listens.
const alive = setInterval(() => undefined, 60_000)
process.stdout.write('at work\n')

process.once('SIGTERM', async () => {
  clearInterval(alive)
  await scheduler.close()
  await notifications.close()
  await writer.close()
  await bus.close()
  await database.close()
  process.exit(0)
})
