/** The believable clinic of the first start, written through the same door and with the same rows as everything else. */
import { type DemoClinic, demoClinic } from '#domain/demo/demo-clinic.ts'
import type { Doctor, Patient } from '#domain/people/people-schemas.ts'
import type { CollectionName, Documents } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { hasClinics, insertLocation } from '#server/repositories/clinic-rows.ts'
import { insertClosure } from '#server/repositories/closures.ts'
import { insertEquipment } from '#server/repositories/resources.ts'
import type { ClinicWriter } from './clinic-writer.ts'
import { createClinic } from './create-clinic.ts'
import { createDemoAccounts, type DemoUserIds } from './demo-accounts.ts'
import type { NewId } from './new-id.ts'
import type { Passwords } from './passwords.ts'
import { saveDocument } from './save-document.ts'
import type { WriteContext } from './write-context.ts'

type Deps = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly passwords: Passwords
  readonly newId: NewId
  readonly now: () => Instant
}

/**
 * Makes the demo clinic with one account per role; doctor and patient are linked to rows that have visits. Accounts and
 * documents are one transaction, so a start that was cut off leaves no account and the next one begins again.
 * @param seed the same seed and day give the same clinic
 */
export async function seedDemoClinic(deps: Deps, password: string, seed?: number): Promise<void> {
  const { database, writer, now, newId } = deps
  const demo = demoClinic({ now: now(), ...(seed !== undefined && { seed }) })
  const passwordHash = await deps.passwords.hash(password)
  const { clinic } = demo
  await database.write(async (tx) => {
    if (await hasClinics(tx)) return
    await createClinic({ now, newId }, tx, clinic)
    for (const location of demo.locations) await insertLocation(tx, location, now())
  })
  const people = peopleToLink(demo)
  await writer.submit(clinic.id, 'bulk', {
    subject: null,
    door: 'seed',
    run: async (ctx) => {
      const names = { doctor: people.doctor.name, patient: people.patient.name }
      const account = { clinicId: clinic.id, passwordHash, names }
      await saveAll(ctx, demo, people, await createDemoAccounts({ now, newId }, ctx.tx, account))
      return { ok: true, value: undefined }
    },
  })
}

type People = { readonly doctor: Doctor; readonly patient: Patient }

/** The first doctor, and the patient with most visits to come. */
function peopleToLink(demo: DemoClinic): People {
  const [doctor] = demo.doctors
  const visits = new Map<string, number>()
  for (const { patientId, status } of demo.appointments) {
    if (status === 'pending' || status === 'confirmed') visits.set(patientId, (visits.get(patientId) ?? 0) + 1)
  }
  const [mostVisits] = [...visits].sort(([, a], [, b]) => b - a)
  const patient = demo.patients.find(({ id }) => id === mostVisits?.[0]) ?? demo.patients[0]
  if (!doctor || !patient) throw new Error('The demo clinic has nobody in it')
  return { doctor, patient }
}

async function saveAll(ctx: WriteContext, demo: DemoClinic, people: People, userIds: DemoUserIds): Promise<void> {
  const linked = <Row extends Doctor | Patient>(rows: readonly Row[], to: Row, userId: Row['userId']): Row[] =>
    rows.map((row) => (row.id === to.id ? { ...row, userId } : row))
  await save(ctx, 'rooms', demo.rooms)
  for (const equipment of demo.equipment) await insertEquipment(ctx.tx, equipment)
  for (const closure of demo.closures) await insertClosure(ctx.tx, closure, ctx.now)
  await save(ctx, 'doctors', linked(demo.doctors, people.doctor, userIds.doctor))
  await save(ctx, 'patients', linked(demo.patients, people.patient, userIds.patient))
  await save(ctx, 'appointment_types', demo.appointmentTypes)
  await save(ctx, 'schedule_templates', demo.templates)
  await save(ctx, 'schedules', demo.schedules)
  await save(ctx, 'appointments', demo.appointments)
  await save(ctx, 'waitlist_entries', demo.waitlistEntries)
  await save(ctx, 'day_notes', demo.dayNotes)
}

async function save<Name extends CollectionName>(
  ctx: WriteContext,
  name: Name,
  documents: readonly Documents[Name][],
): Promise<void> {
  for (const document of documents) await saveDocument(ctx, name, null, { ...document, _deleted: false })
}
