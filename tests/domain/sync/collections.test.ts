import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { COLLECTION_NAMES, definitionOf } from '#domain/sync/collections.ts'
import { rxSchemaOf } from '#domain/sync/rx-schema.ts'
import { stubOf } from '#domain/sync/stub.ts'
import {
  aDayNote,
  aDoctor,
  aNotice,
  anAllotment,
  anAppointment,
  anAppointmentType,
  aPatient,
  aRoom,
  aSchedule,
  aScheduleTemplate,
  aWaitlistEntry,
  testId,
} from '#tests/support/builders.ts'

const rejectedChange = {
  id: testId('RejectedChange'),
  clinicId: testId('Clinic'),
  userId: testId('User'),
  collectionName: 'appointments',
  documentId: testId('Appointment'),
  reason: 'slot-taken',
  field: 'start',
  takenBy: '',
  takenAt: null,
  attempted: '{}',
  base: null,
  at: 1,
  revision: 1,
}
const SAMPLES: Record<string, object> = {
  appointments: anAppointment(),
  schedules: aSchedule(),
  schedule_templates: aScheduleTemplate(),
  doctors: aDoctor(),
  patients: aPatient(),
  appointment_types: anAppointmentType(),
  rooms: aRoom(),
  waitlist_entries: aWaitlistEntry(),
  day_notes: aDayNote(),
  notifications: aNotice(),
  allotments: anAllotment(),
  rejected_changes: rejectedChange,
}

describe.each(COLLECTION_NAMES)('collection %s', (name) => {
  const { schema, indexes, encrypted, serverOwned } = definitionOf(name)
  const fields = Object.keys(schema.properties)

  it('takes a document as the builders make it, and refuses an unknown field', () => {
    expect(Check(schema, SAMPLES[name])).toBe(true)
    expect(Check(schema, { ...SAMPLES[name], unknown: 1 })).toBe(false)
  })

  it('indexes, encrypts and owns only fields it has, and never an encrypted index', () => {
    const named = [...indexes.flat(), ...encrypted, ...serverOwned]
    expect(named.filter((field) => !fields.includes(field))).toEqual([])
    expect(indexes.flat().filter((field) => encrypted.includes(field))).toEqual([])
  })

  it('gives every indexed field what RxDB’s storages need: a length, or bounds and a step, and no null', () => {
    for (const field of indexes.flat()) {
      const { type, maxLength, minimum, maximum, multipleOf } = schema.properties[field] as Record<string, unknown>
      if (type === 'string') expect({ field, maxLength }).toEqual({ field, maxLength: expect.any(Number) })
      else expect([minimum, maximum, multipleOf].map((bound) => typeof bound)).toEqual(['number', 'number', 'number'])
      expect(rxSchemaOf(name).required).toContain(field)
    }
  })

  it('has a stub with every field, readable in nothing but its id', () => {
    const stub = stubOf(name, testId('Any')) as unknown as Record<string, unknown>
    expect(Object.keys(stub).sort()).toEqual([...fields, '_deleted'].sort())
    expect(stub).toMatchObject({ id: testId('Any'), _deleted: true })
    const told = Object.entries(stub).filter(
      ([field, value]) => field !== 'id' && typeof value === 'string' && value !== '',
    )
    expect(told).toEqual([])
  })
})
