/** Two schedulers at 5,000 due reminders, restarted every two seconds: each sent once, none for what is off, elsewhere or asleep. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localDayOf } from '#domain/time/clinic-time.ts'
import { hours } from '#domain/time/instant.ts'
import { type Database, openDatabase, pause } from '#server/database/database.ts'
import { createClinic } from '#server/operations/create-clinic.ts'
import { newIdSource } from '#server/operations/new-id.ts'
import { toRow } from '#server/repositories/document-rows.ts'
import { insertReminder, listRules } from '#server/repositories/reminders.ts'
import { aDoctor, anAppointment, anAppointmentType, aPatient, testId } from '#tests/support/builders.ts'
import { eventually } from '#tests/support/eventually.ts'
import { aGateway, type FakeGateway } from '#tests/support/sms-gateway.ts'
import { aDatabase, type ThrowAwayDatabase } from '#tests/support/throw-away-database.ts'

const DUE = 5_000
const OFF = 300
const MOVED = 300
const ASLEEP = 100
const EVERY_MS = 2_000
/** Noon in London, midnight and after in Auckland. */
const NOW = Date.parse('2026-10-14T11:00:00Z')
const AWAKE = testId('Clinic', 1)
const NIGHT = testId('Clinic', 2)

let throwAway: ThrowAwayDatabase
let database: Database
let gateway: FakeGateway
const workers: ChildProcess[] = []
const offset = NOW - Date.now()

beforeAll(async () => {
  throwAway = await aDatabase('mysql')
  database = openDatabase({ url: throwAway.url })
  gateway = await aGateway()
  const deps = { now: () => NOW, newId: newIdSource(() => NOW) }
  await database.write(async (tx) => {
    await createClinic(deps, tx, { id: AWAKE, name: 'Awake', zone: 'Europe/London' })
    await createClinic(deps, tx, { id: NIGHT, name: 'Asleep', zone: 'Pacific/Auckland' })
  })
  const all = DUE + OFF + MOVED + ASLEEP
  for (let from = 0; from < all; from += 500) await addReminders(from, Math.min(from + 500, all))
}, 180_000)
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL')
  await gateway.close()
  await database.close()
  await throwAway.drop()
})

const kindOf = (index: number): 'due' | 'off' | 'moved' | 'asleep' => {
  if (index < DUE) return 'due'
  if (index < DUE + OFF) return 'off'
  return index < DUE + OFF + MOVED ? 'moved' : 'asleep'
}
const typeOf = (clinicId: typeof AWAKE) => testId('AppointmentType', clinicId === AWAKE ? 1 : 2)
const phoneOf = (index: number): string => `+48600${String(100_000 + index)}`

/** One patient each, so that no two visits are one message. */
async function addReminders(from: number, until: number): Promise<void> {
  await database.write(async (tx) => {
    for (const clinicId of [AWAKE, NIGHT]) {
      const doctorId = testId('Doctor', clinicId === AWAKE ? 1 : 2)
      if (from > 0) break
      const doctor = { ...aDoctor({ id: doctorId, clinicId }), _deleted: false }
      await tx
        .insertInto('doctors')
        .values(toRow('doctors', doctor, NOW))
        .execute()
      const type = { ...anAppointmentType({ id: typeOf(clinicId), clinicId }), _deleted: false }
      await tx
        .insertInto('appointment_types')
        .values(toRow('appointment_types', type, NOW))
        .execute()
    }
    const patients = []
    const visits = []
    for (let index = from; index < until; index += 1) {
      const kind = kindOf(index)
      const clinicId = kind === 'asleep' ? NIGHT : AWAKE
      const id = testId('Patient', index + 1)
      const start = NOW + hours(20)
      const patient = aPatient({ id, clinicId, name: `Patient ${index}`, phone: phoneOf(index) })
      patients.push(toRow('patients', { ...patient, _deleted: false }, NOW))
      const visit = anAppointment({
        id: testId('Appointment', index + 1),
        clinicId,
        patientId: id,
        doctorId: testId('Doctor', kind === 'asleep' ? 2 : 1),
        typeId: typeOf(clinicId),
        start: kind === 'moved' ? start + hours(2) : start,
        end: start + hours(3),
        status: kind === 'off' ? 'cancelled' : 'confirmed',
      })
      visits.push({ ...toRow('appointments', { ...visit, _deleted: false }, NOW), holds_time: kind === 'off' ? 0 : 1 })
    }
    await tx.insertInto('patients').values(patients).execute()
    await tx
      .insertInto('appointments')
      .values(visits as never)
      .execute()
    const rules = { [AWAKE]: await smsRule(tx, AWAKE), [NIGHT]: await smsRule(tx, NIGHT) }
    for (let index = from; index < until; index += 1) {
      const clinicId = kindOf(index) === 'asleep' ? NIGHT : AWAKE
      await insertReminder(tx, {
        id: testId('Reminder', index + 1),
        clinic_id: clinicId,
        appointment_id: testId('Appointment', index + 1),
        patient_id: testId('Patient', index + 1),
        doctor_id: testId('Doctor', clinicId === NIGHT ? 2 : 1),
        start_at: NOW + hours(20),
        local_day: localDayOf(NOW + hours(20), 'Europe/London'),
        channel: 'sms',
        lead_minutes: 1440,
        rule_id: rules[clinicId] as never,
        due_at: NOW - index,
        status: 'due',
        reason: '',
        created_at: NOW,
        settled_at: null,
      })
    }
  })
}

const smsRule = async (tx: Parameters<typeof listRules>[0], clinicId: typeof AWAKE) =>
  (await listRules(tx, clinicId)).find(({ channel }) => channel === 'sms')?.id

async function aWorker(): Promise<ChildProcess> {
  const path = join(import.meta.dirname, '../../support/reminder-worker.ts')
  const worker = spawn(process.execPath, [path, throwAway.url, gateway.url, String(offset)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  workers.push(worker)
  await once(worker.stdout as NodeJS.ReadableStream, 'data')
  return worker
}

test(`${DUE} reminders by two schedulers that are restarted every two seconds: ${DUE} texts by id`, async () => {
  const running = [await aWorker(), await aWorker()]
  let restarts = 0
  let isDone = false
  const restarting = (async () => {
    for (let turn = 0; !isDone; turn += 1) {
      await pause(EVERY_MS)
      const old = running[turn % 2]
      running[turn % 2] = await aWorker()
      const ended = old && once(old, 'exit')
      old?.kill('SIGTERM')
      await ended
      restarts += 1
    }
  })()
  const left = () =>
    database.read(async (tx) => {
      const due = await tx.selectFrom('reminders').select('id').where('status', '=', 'due').execute()
      const waiting = await tx
        .selectFrom('notifications')
        .select('id')
        .where('status', '=', 'pending')
        .where('clinic_id', '=', AWAKE)
        .execute()
      return due.length + waiting.length
    })
  await eventually('nothing is left to send', async () => (await left()) === 0 || (await left()), 400_000)
  isDone = true
  await restarting
  const ids = gateway.sent.map(({ statusCallback }) => statusCallback ?? '')
  const numbers = gateway.sent.map(({ to }) => to).toSorted()
  console.info(
    `${ids.length} texts, ${new Set(ids).size} by id, ${restarts} restarts, ${OFF + MOVED} left out, ${ASLEEP} wait for the morning`,
  )
  expect({ texts: ids.length, byId: new Set(ids).size }).toEqual({ texts: DUE, byId: DUE })
  expect(numbers).toEqual(Array.from({ length: DUE }, (_, index) => phoneOf(index)).toSorted())
  const asleep = await database.read((tx) =>
    tx.selectFrom('notifications').select(['status', 'next_at']).where('clinic_id', '=', NIGHT).execute(),
  )
  // Seven in the morning in Auckland, whose clocks went forward in September.
  const morning = Date.parse('2026-10-14T18:00:00Z')
  expect(asleep.filter(({ status, next_at }) => status === 'pending' && next_at === morning)).toHaveLength(ASLEEP)
  expect(restarts).toBeGreaterThan(2)
}, 500_000)
