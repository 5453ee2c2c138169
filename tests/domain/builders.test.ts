import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import { appointmentSchema, appointmentTypeSchema } from '#domain/appointment/appointment-schemas.ts'
import { doctorSchema, patientSchema } from '#domain/people/people-schemas.ts'
import { scheduleSchema, scheduleTemplateSchema } from '#domain/schedule/schedule-schemas.ts'
import {
  aDoctor,
  anAppointment,
  anAppointmentType,
  aPatient,
  aSchedule,
  aScheduleTemplate,
} from '#tests/support/builders.ts'

test('what the builders make satisfies the schemas', () => {
  expect(Check(appointmentSchema, anAppointment())).toBe(true)
  expect(Check(appointmentTypeSchema, anAppointmentType())).toBe(true)
  expect(Check(doctorSchema, aDoctor())).toBe(true)
  expect(Check(patientSchema, aPatient())).toBe(true)
  expect(Check(scheduleTemplateSchema, aScheduleTemplate())).toBe(true)
  expect(Check(scheduleSchema, aSchedule())).toBe(true)
  expect(anAppointment()).toMatchObject({ localDay: '2026-10-14', localStart: '09:00' })
})
