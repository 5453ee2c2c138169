/** Rooms, equipment and the types that need them, beside what the fixture clinic has. */
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { Equipment } from '#domain/clinic/equipment.ts'
import { insertEquipment } from '#server/repositories/resources.ts'
import { anAppointmentType, aRoom, testId } from './builders.ts'
import { FIXTURE_CLINIC_ID, FIXTURE_NOW, type Fixture, seedDocuments } from './fixture-clinic.ts'

export const SCANNER = testId('Equipment', 1)
/** Two single rooms, and a hall for two sessions at once. */
export const [ROOM_A, ROOM_B, HALL] = [testId('Room', 1), testId('Room', 2), testId('Room', 3)] as const

const aType = (number: number, code: string, part: Partial<AppointmentType>): AppointmentType =>
  anAppointmentType({ id: testId('AppointmentType', number), code, name: code, ...part })

/** In one of the single rooms; with the scanner; a class of three in the hall; in the hall alone. */
export const RESOURCE_TYPES = {
  roomed: aType(21, 'ROOM', { roomIds: [ROOM_A, ROOM_B] }),
  scan: aType(22, 'SCAN', { roomIds: [ROOM_A, ROOM_B], equipmentIds: [SCANNER] }),
  group: aType(23, 'CLASS', { durationMinutes: 30, capacity: 3, roomIds: [HALL] }),
  hall: aType(24, 'HALL', { roomIds: [HALL] }),
}

export const anEquipment = (part: Partial<Equipment> = {}): Equipment => ({
  id: SCANNER,
  clinicId: FIXTURE_CLINIC_ID,
  locationId: null,
  name: 'Ultrasound',
  capacity: 1,
  isActive: true,
  revision: 1,
  updatedAt: FIXTURE_NOW,
  ...part,
})

/** Puts them into the fixture clinic. */
export async function addResources({ database, writer }: Pick<Fixture, 'database' | 'writer'>): Promise<void> {
  const rooms = [ROOM_A, ROOM_B, HALL].map((id, position) =>
    aRoom({ id, position, name: `Room ${position + 1}`, capacity: id === HALL ? 2 : 1 }),
  )
  await seedDocuments(writer, 'rooms', rooms)
  await database.write((tx) => insertEquipment(tx, anEquipment()))
  await seedDocuments(writer, 'appointment_types', Object.values(RESOURCE_TYPES))
}
