/**
 * A small clinic in a database: 3 doctors who work 09:00 to 17:00 every day, 20 patients, three types of appointment, and one
 * log-in per role. Everything goes in through the clinic writer, so views and counters are those of real writes.
 */
import type { Subject } from '#domain/access/can.ts'
import { SHIPPED_ROLE_GRANTS, type ShippedRole } from '#domain/access/roles.ts'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { UserId } from '#domain/ids.ts'
import type { Doctor, Patient } from '#domain/people/people-schemas.ts'
import type { ScheduleTemplate } from '#domain/schedule/schedule-schemas.ts'
import type { CollectionName, Documents } from '#domain/sync/collections.ts'
import type { Instant } from '#domain/time/instant.ts'
import { type Database, openDatabase } from '#server/database/database.ts'
import type { Engine } from '#server/database/dialect.ts'
import { type ClinicWriter, createClinicWriter } from '#server/operations/clinic-writer.ts'
import { createAccount, createClinic } from '#server/operations/create-clinic.ts'
import { type NewId, newIdSource } from '#server/operations/new-id.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import type { Committed } from '#server/operations/write-context.ts'
import { aDoctor, anAppointmentType, aPatient, aScheduleTemplate, TEST_ZONE, testId } from './builders.ts'
import { aDatabase } from './throw-away-database.ts'

export const FIXTURE_CLINIC_ID = testId('Clinic')
export const FIXTURE_EMAILS: Readonly<Record<ShippedRole, string>> = {
  admin: 'admin@fixture.test',
  receptionist: 'reception@fixture.test',
  doctor: 'doctor@fixture.test',
  patient: 'patient@fixture.test',
}

export type FixtureClinic = {
  readonly clinicId: typeof FIXTURE_CLINIC_ID
  readonly doctors: readonly Doctor[]
  readonly patients: readonly Patient[]
  /** A 15-minute consultation for everyone, a 30-minute check-up with buffers and notice, and one only the first doctor offers. */
  readonly types: {
    readonly consultation: AppointmentType
    readonly checkUp: AppointmentType
    readonly special: AppointmentType
  }
  readonly templates: readonly ScheduleTemplate[]
  /** One account per role; the doctor is the first doctor, the patient the first patient. */
  readonly userIds: Readonly<Record<ShippedRole, UserId>>
}

type Settings = {
  readonly now: () => Instant
  readonly newId: NewId
  /** What the accounts' passwords hash to; accounts that never log in need none. */
  readonly passwordHash?: string
}

/** Writes the clinic into a migrated database. */
export async function seedFixtureClinic(
  database: Database,
  writer: ClinicWriter,
  { now, newId, passwordHash = 'no-password' }: Settings,
): Promise<FixtureClinic> {
  const userIds = await database.write(async (tx) => {
    await createClinic({ now, newId }, tx, { id: FIXTURE_CLINIC_ID, name: 'Fixture Clinic', zone: TEST_ZONE })
    const ids: [ShippedRole, UserId][] = []
    for (const [role, email] of Object.entries(FIXTURE_EMAILS) as [ShippedRole, string][]) {
      const account = { name: `Fixture ${role}`, email, passwordHash, clinicId: FIXTURE_CLINIC_ID, role }
      ids.push([role, await createAccount({ now, newId }, tx, account)])
    }
    return Object.fromEntries(ids) as Record<ShippedRole, UserId>
  })
  const clinic = fixtureDocuments(userIds)
  await seedDocuments(writer, 'doctors', clinic.doctors)
  await seedDocuments(writer, 'patients', clinic.patients)
  await seedDocuments(writer, 'appointment_types', Object.values(clinic.types))
  await seedDocuments(writer, 'schedule_templates', clinic.templates)
  return clinic
}

/** Stores documents as they are, without asking any rule. */
export async function seedDocuments<Name extends CollectionName>(
  writer: ClinicWriter,
  name: Name,
  documents: readonly Documents[Name][],
): Promise<void> {
  await writer.submit(FIXTURE_CLINIC_ID, 'bulk', {
    subject: null,
    door: 'seed',
    run: async (ctx) => {
      for (const document of documents) await saveDocument(ctx, name, null, { ...document, _deleted: false })
      return { ok: true, value: undefined }
    },
  })
}

function fixtureDocuments(userIds: Readonly<Record<ShippedRole, UserId>>): FixtureClinic {
  const doctors = [1, 2, 3].map((number) =>
    aDoctor({
      id: testId('Doctor', number),
      name: `Dr Number ${number}`,
      position: number,
      userId: number === 1 ? userIds.doctor : null,
    }),
  )
  const patients = Array.from({ length: 20 }, (_, index) =>
    aPatient({
      id: testId('Patient', index + 1),
      name: `Patient Number ${index + 1}`,
      userId: index === 0 ? userIds.patient : null,
    }),
  )
  const templates = doctors.flatMap(({ id }, doctor) =>
    [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      aScheduleTemplate({
        id: testId('ScheduleTemplate', doctor * 10 + weekday),
        doctorId: id,
        weekday,
        validFrom: '2020-01-01',
      }),
    ),
  )
  const types = {
    consultation: anAppointmentType(),
    checkUp: anAppointmentType({
      id: testId('AppointmentType', 2),
      code: 'CHECK',
      name: 'Check-up',
      durationMinutes: 30,
      bufferBeforeMinutes: 5,
      bufferAfterMinutes: 10,
      noticeMinutes: 24 * 60,
      horizonDays: 60,
    }),
    special: anAppointmentType({
      id: testId('AppointmentType', 3),
      code: 'SPECIAL',
      name: 'Special visit',
      durationMinutes: 45,
      doctorIds: [testId('Doctor', 1)],
      isOnline: false,
    }),
  }
  return { clinicId: FIXTURE_CLINIC_ID, doctors, patients, types, templates, userIds }
}

/** A person of the fixture clinic as operations know them. */
export function subjectOf(clinic: FixtureClinic, role: ShippedRole): Subject {
  return {
    userId: clinic.userIds[role],
    clinicId: clinic.clinicId,
    doctorId: role === 'doctor' ? testId('Doctor', 1) : null,
    patientIds: role === 'patient' ? [testId('Patient', 1)] : [],
    grants: SHIPPED_ROLE_GRANTS[role],
  }
}

/** Tuesday 13 October 2026, 12:00 in London: the day before the one the builders book. */
export const FIXTURE_NOW = Date.parse('2026-10-13T11:00:00Z')

/** A clinic with its own database and writer, the clock standing at noon before the builders' day. */
export async function aFixtureClinic(engine: Engine) {
  const throwAway = await aDatabase(engine)
  const database = openDatabase({ url: throwAway.url })
  const clock = { now: FIXTURE_NOW }
  const now = () => clock.now
  const newId = newIdSource(now)
  const committed: Committed[] = []
  const writer = createClinicWriter({ database, now, newId, onCommitted: (news) => committed.push(news) })
  const clinic = await seedFixtureClinic(database, writer, { now, newId })
  const close = async () => {
    await writer.close()
    await database.close()
    await throwAway.drop()
  }
  return { engine, url: throwAway.url, database, writer, clinic, clock, now, newId, committed, close }
}

export type Fixture = Awaited<ReturnType<typeof aFixtureClinic>>
