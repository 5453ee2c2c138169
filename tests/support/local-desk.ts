/** A receptionist at a local database in memory: one doctor, one patient, one type, Wednesdays 09:00 to 17:00. */
import { SHIPPED_ROLE_GRANTS } from '#domain/access/roles.ts'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { minutes } from '#domain/time/instant.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import { openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { aDoctor, anAppointmentType, aPatient, aScheduleTemplate, NINE_O_CLOCK, TEST_ZONE, testId } from './builders.ts'

export const aSignedInUser = (part: Partial<SignedInUser> = {}): SignedInUser => ({
  id: testId('User'),
  name: 'Rita Reception',
  email: 'reception@demo.test',
  clinic: { id: testId('Clinic'), name: 'Test clinic', zone: TEST_ZONE },
  doctorId: null,
  patientIds: [],
  roles: ['receptionist'],
  grants: [...SHIPPED_ROLE_GRANTS.receptionist],
  ...part,
})

/** The time is an hour before the test clinic opens on its Wednesday. */
export async function aLocalDesk(part: Partial<Omit<Desk, 'database'>> = {}): Promise<Desk> {
  const database = await openLocalDatabase({
    serverId: `http://${crypto.randomUUID()}.test`,
    userId: testId('User'),
    key: null,
    multiInstance: false,
  })
  await database.doctors.insert(aDoctor())
  await database.patients.insert(aPatient())
  await database.appointment_types.insert(anAppointmentType())
  await database.schedule_templates.insert(aScheduleTemplate())
  return { database, user: aSignedInUser(), now: () => NINE_O_CLOCK - minutes(60), ...part }
}
