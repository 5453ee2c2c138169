/**
 * The clinic as it is fuzzed: for each operation a fresh corner of it, with people who may sign in, a doctor who works, patients
 * and visits. So whatever one operation deletes, ends or takes away is there again for the next.
 */
import { SHIPPED_ROLE_GRANTS, SHIPPED_ROLES, type ShippedRole } from '#domain/access/roles.ts'
import type { UserId } from '#domain/ids.ts'
import type { CollectionName, Documents } from '#domain/sync/collections.ts'
import { addDays } from '#domain/time/clinic-time.ts'
import { hours, minutes } from '#domain/time/instant.ts'
import { createAccount } from '#server/operations/create-clinic.ts'
import { ACCESS_TOKEN_PREFIX } from '#server/operations/find-session.ts'
import { openSession } from '#server/operations/log-in.ts'
import { hashSecret, newSecret } from '#server/operations/secrets.ts'
import { insertAccessToken } from '#server/repositories/access-tokens.ts'
import { listRoles, setGrantsOfRole } from '#server/repositories/roles.ts'
import {
  aDoctor,
  anAppointment,
  anAppointmentType,
  aPatient,
  aRoom,
  aSchedule,
  aScheduleTemplate,
  aWaitlistEntry,
  NINE_O_CLOCK,
  testId,
} from './builders.ts'
import { seedDocuments } from './fixture-clinic.ts'
import type { ServerUnderTest } from './server-under-test.ts'

/** Who sends a request: a role, a program with an access token, somebody with a token of nothing, or nobody. */
export const CALLERS = [...SHIPPED_ROLES, 'program', 'stranger', 'nobody'] as const
export type CallerName = (typeof CALLERS)[number]
type UserIds = Readonly<Record<ShippedRole, UserId>>

export type Corner = {
  readonly userIds: UserIds
  readonly tokens: Readonly<Record<CallerName, string | undefined>>
  readonly documents: ReturnType<typeof documentsOf>
}

/**
 * @param passwordHash of every account
 * @param number a new one for every corner of a clinic, from 1
 */
export async function aCorner(server: ServerUnderTest, passwordHash: string, number: number): Promise<Corner> {
  const userIds = await createPeople(server, passwordHash, number)
  const documents = documentsOf(number, userIds)
  for (const [name, list] of Object.entries(documents)) {
    await seedDocuments(server.server.writer, name as CollectionName, list as readonly Documents[CollectionName][])
  }
  return { userIds, tokens: await openTokens(server, userIds), documents }
}

/** Somebody of each role, and the roles as they were shipped. */
function createPeople({ database, clock, server, clinic }: ServerUnderTest, passwordHash: string, number: number) {
  const { clinicId } = clinic
  return database.write(async (tx) => {
    for (const { id, name } of await listRoles(tx, clinicId)) {
      if (name in SHIPPED_ROLE_GRANTS) await setGrantsOfRole(tx, id, SHIPPED_ROLE_GRANTS[name as ShippedRole])
    }
    const userIds: Partial<Record<ShippedRole, UserId>> = {}
    for (const role of SHIPPED_ROLES) {
      const account = { name: `${role} ${number}`, email: emailOf(role, number), passwordHash, clinicId, role }
      userIds[role] = await createAccount({ now: () => clock.now, newId: server.newId }, tx, account)
    }
    return userIds as UserIds
  })
}

export const emailOf = (role: ShippedRole, corner: number): string => `${role}-${corner}@corner.test`

async function openTokens({ database, clock, server, clinic }: ServerUnderTest, userIds: UserIds) {
  const { clinicId } = clinic
  const deps = { database, now: () => clock.now, newId: server.newId, audit: async () => undefined }
  const tokens: Partial<Record<CallerName, string | undefined>> = { stranger: 'no-such-token' }
  for (const role of SHIPPED_ROLES) {
    const who = { userId: userIds[role], clinicId }
    tokens[role] = (await openSession(deps, { transport: 'token', device: null }, who)).token
  }
  const program = `${ACCESS_TOKEN_PREFIX}${newSecret()}`
  tokens.program = program
  await database.write((tx) =>
    insertAccessToken(tx, {
      id: server.newId(),
      clinic_id: clinicId,
      user_id: userIds.receptionist,
      name: 'A program',
      token_hash: hashSecret(program),
      abilities: JSON.stringify(['book-appointment', 'view-appointments', 'view-patients', 'manage-patients']),
      created_at: clock.now,
      expires_at: clock.now + hours(24),
    }),
  )
  return tokens as Corner['tokens']
}

const PATIENTS = 4
/** Visits on the builders' day and the next two; each patient has some. */
const VISITS = ['pending', 'pending', 'confirmed', 'confirmed', 'confirmed', 'arrived'] as const

function documentsOf(number: number, userIds: UserIds) {
  const of = (index: number) => number * 100 + index
  const doctorId = testId('Doctor', of(0))
  const typeId = testId('AppointmentType', of(0))
  const patientId = (index: number) => testId('Patient', of(index % PATIENTS))
  return {
    doctors: [
      aDoctor({ id: doctorId, name: `Dr Corner ${number}`, userId: userIds.doctor }),
      aDoctor({ id: testId('Doctor', of(1)), name: `Dr Second ${number}` }),
    ],
    patients: Array.from({ length: PATIENTS }, (_, index) =>
      aPatient({
        id: patientId(index),
        name: `Corner Patient ${number}-${index}`,
        userId: index === 0 ? userIds.patient : null,
      }),
    ),
    rooms: [aRoom({ id: testId('Room', of(0)), name: `Room ${number}`, capacity: 9 })],
    appointment_types: [anAppointmentType({ id: typeId, code: `C${number}`, name: `Visit ${number}` })],
    schedule_templates: [0, 1].flatMap((doctor) =>
      [1, 2, 3, 4, 5].map((weekday) =>
        aScheduleTemplate({
          id: testId('ScheduleTemplate', of(doctor * 10 + weekday)),
          doctorId: testId('Doctor', of(doctor)),
          weekday,
        }),
      ),
    ),
    schedules: [1, 2].map((index) =>
      aSchedule({
        id: testId('Schedule', of(index)),
        doctorId,
        date: addDays('2026-11-02', index),
        isAvailable: false,
      }),
    ),
    appointments: VISITS.map((status, index) =>
      anAppointment({
        id: testId('Appointment', of(index)),
        doctorId,
        patientId: patientId(index),
        typeId,
        status,
        start: NINE_O_CLOCK + hours(24 * (index % 3)) + minutes(30 * index),
        ...(status === 'arrived' && { arrivedAt: NINE_O_CLOCK }),
      }),
    ),
    waitlist_entries: [0, 1, 2].map((index) =>
      aWaitlistEntry({ id: testId('WaitlistEntry', of(index)), patientId: patientId(index), typeId }),
    ),
  } satisfies { readonly [Name in CollectionName]?: readonly Documents[Name][] }
}
