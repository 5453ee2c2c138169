import { createInstance } from 'i18next'
import { afterEach, expect, test } from 'vitest'
import en from '#locales/en.json' with { type: 'json' }
import { exportDayList } from '#renderer/features/export-day-list/export-day-list.ts'
import { type LocalDatabase, openLocalDatabase } from '#renderer/local-db/local-database.ts'
import type { FileToSave, SaveResult } from '#renderer/platform/types.ts'
import { aDoctor, anAppointment, anAppointmentType, aPatient, testId } from '#tests/support/builders.ts'

let database: LocalDatabase
afterEach(() => database.close())

test('the day’s appointments on this device become the file the host is asked to save', async () => {
  database = await openLocalDatabase({
    serverId: 'http://one.test',
    userId: testId('User'),
    key: null,
    multiInstance: false,
  })
  await database.doctors.insert(aDoctor({ name: 'Dr Weiss' }))
  await database.patients.insert(aPatient({ name: 'Ines Carvalho', birthDate: '1980-12-09', phone: '+351 1' }))
  await database.appointment_types.insert(anAppointmentType({ id: anAppointment().typeId, name: 'Check-up' }))
  await database.appointments.insert(anAppointment())
  await database.appointments.insert(
    anAppointment({ id: testId('Appointment', 2), start: Date.parse('2026-10-15T08:00Z') }),
  )
  const texts = createInstance()
  await texts.init({ lng: 'en', resources: { en: { translation: en } } })
  const asked: FileToSave[] = []
  const saveFile = async (file: FileToSave): Promise<SaveResult> => {
    asked.push(file)
    return { outcome: 'saved', name: file.name }
  }

  const result = await exportDayList(database, { saveFile }, '2026-10-14', (key, values) => texts.t(key, values ?? {}))

  expect(result).toEqual({ outcome: 'saved', name: 'Day list 2026-10-14.csv' })
  expect(asked).toEqual([
    {
      name: 'Day list 2026-10-14.csv',
      kind: 'csv',
      content:
        '\uFEFFDay,Start,End,Doctor,Patient,Birth date,Phone,Type,Status,Reason\r\n' +
        "2026-10-14,09:00,09:15,Dr Weiss,Ines Carvalho,1980-12-09,'+351 1,Check-up,Confirmed,\r\n",
    },
  ])
})
