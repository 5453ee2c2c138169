/** Facts about visits for report tests, and what a report is told beside them. */
import fc from 'fast-check'
import i18next from 'i18next'
import { ORIGINS } from '#domain/appointment/appointment-schemas.ts'
import { APPOINTMENT_STATUSES } from '#domain/appointment/appointment-status.ts'
import type { ReportMeta, Translate } from '#domain/report/report-model.ts'
import type { VisitFact } from '#domain/report/visit-fact.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import en from '#locales/en.json' with { type: 'json' }
import { NINE_O_CLOCK, testId } from './builders.ts'

const texts = i18next.createInstance()
void texts.init({
  lng: 'en',
  resources: { en: { translation: en } },
  initAsync: false,
  interpolation: { escapeValue: false },
})

/** The English catalogue; a key without a text is an error. */
export const inEnglish: Translate = (key, values) => {
  const text = texts.t(key as never, { ...values }) as string
  if (text === key || text.includes('{{')) throw new Error(`No text for ${key}`)
  return text
}

export const ZONE = 'Europe/Warsaw'

export const aReportMeta = (part: Partial<ReportMeta> = {}): ReportMeta => ({
  t: inEnglish,
  clinicName: 'Lindenhof',
  zone: ZONE,
  asOf: NINE_O_CLOCK,
  names: { doctors: new Map(), types: new Map(), rooms: new Map() },
  ...part,
})

/** A visit of half an hour that took place; its local day and time follow its start. */
export function aVisitFact(part: Partial<VisitFact> = {}): VisitFact {
  const start = part.start ?? NINE_O_CLOCK
  const { day, time } = toLocal(start, ZONE)
  return {
    id: testId('Appointment', 1),
    doctorId: testId('Doctor', 1),
    doctorName: 'Dr Weiss',
    patientName: 'Ines Carvalho',
    typeId: testId('AppointmentType', 1),
    typeName: 'Check-up',
    roomId: null,
    roomName: '',
    status: 'fulfilled',
    localDay: day,
    localStart: time,
    start,
    end: start + minutes(30),
    createdAt: start - minutes(60 * 24 * 5),
    arrivedAt: null,
    startedAt: null,
    finishedAt: null,
    origin: 'desk',
    wasReminded: false,
    ...part,
  }
}

/** Few doctors, types and days, so that groups fill. */
export const visitFacts: fc.Arbitrary<VisitFact[]> = fc.array(
  fc
    .record({
      id: fc.nat().map((n) => testId('Appointment', n % 100_000)),
      doctor: fc.integer({ min: 1, max: 4 }),
      type: fc.integer({ min: 1, max: 3 }),
      quarter: fc.integer({ min: 0, max: 96 * 20 }),
      length: fc.integer({ min: 1, max: 12 }),
      status: fc.constantFrom(...APPOINTMENT_STATUSES),
      origin: fc.constantFrom(...ORIGINS),
      leadHours: fc.integer({ min: -30, max: 24 * 50 }),
      arrival: fc.option(fc.integer({ min: -30, max: 60 }), { nil: null }),
      wait: fc.option(fc.integer({ min: -5, max: 90 }), { nil: null }),
      wasReminded: fc.boolean(),
    })
    .map(({ doctor, type, quarter, length, leadHours, arrival, wait, ...rest }) => {
      const start = NINE_O_CLOCK + minutes(15 * quarter)
      const arrivedAt = arrival === null ? null : start + minutes(arrival)
      return aVisitFact({
        ...rest,
        start,
        end: start + minutes(5 * length),
        doctorId: testId('Doctor', doctor),
        doctorName: `Dr ${doctor}`,
        typeId: testId('AppointmentType', type),
        typeName: `Type ${type}`,
        createdAt: start - minutes(60 * leadHours),
        arrivedAt,
        startedAt: wait === null ? null : (arrivedAt ?? start) + minutes(wait),
      })
    }),
  { maxLength: 80 },
)
