/**
 * Documents with defaults: a test names only what it is about. Everything belongs to one London clinic, and the appointment is
 * a confirmed visit on Wednesday 14 October 2026 from 09:00 to 09:15 on the clinic's wall.
 */
import type { Appointment, AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { DayNote } from '#domain/clinic/day-note.ts'
import type { Room } from '#domain/clinic/room-schema.ts'
import type { Id } from '#domain/ids.ts'
import type { Notice } from '#domain/message/notice.ts'
import type { Doctor, Patient } from '#domain/people/people-schemas.ts'
import type { Allotment } from '#domain/schedule/allotment.ts'
import type { Schedule, ScheduleTemplate } from '#domain/schedule/schedule-schemas.ts'
import { toLocal } from '#domain/time/clinic-time.ts'
import { minutes } from '#domain/time/instant.ts'
import type { WaitlistEntry } from '#domain/waitlist/waitlist-schemas.ts'

/** A fixed id that tells its kind and number at a glance in a failing test: `testId('Doctor', 3)`. */
export function testId<Kind extends string>(kind: Kind, number = 1): Id<Kind> {
  const letters = [...kind.slice(0, 4)].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  return `${letters.padEnd(8, '0')}-0000-7000-8000-${String(number).padStart(12, '0')}` as Id<Kind>
}

export const TEST_ZONE = 'Europe/London'
/** Wednesday 14 October 2026, 09:00 in London. */
export const NINE_O_CLOCK = Date.parse('2026-10-14T08:00:00Z')

/** An appointment; `localDay` and `localStart` follow `start`, `end` lies 15 minutes after it unless given. */
export function anAppointment(part: Partial<Appointment> = {}): Appointment {
  const start = part.start ?? NINE_O_CLOCK
  const zone = part.zone ?? TEST_ZONE
  const { day, time } = toLocal(start, zone)
  return {
    id: testId('Appointment'),
    clinicId: testId('Clinic'),
    doctorId: testId('Doctor'),
    patientId: testId('Patient'),
    typeId: testId('AppointmentType', 9),
    locationId: null,
    start,
    end: start + minutes(15),
    zone,
    localDay: day,
    localStart: time,
    status: 'confirmed',
    origin: 'desk',
    reason: '',
    note: '',
    cancelReason: '',
    roomId: null,
    equipmentIds: [],
    seriesId: null,
    overbookReason: '',
    cancelledAt: null,
    cancelledBy: null,
    cancelledByName: '',
    arrivedAt: null,
    startedAt: null,
    finishedAt: null,
    ageAtVisit: null,
    unplaced: null,
    createdBy: null,
    createdByName: 'Reception',
    createdAt: NINE_O_CLOCK - minutes(60 * 24 * 7),
    updatedAt: NINE_O_CLOCK - minutes(60 * 24 * 7),
    revision: 1,
    ...part,
  }
}

/** A doctor of general practice. */
export const aDoctor = (part: Partial<Doctor> = {}): Doctor => ({
  id: testId('Doctor'),
  clinicId: testId('Clinic'),
  userId: null,
  locationId: null,
  name: 'Dr Ada Example',
  specialization: 'General practice',
  bio: '',
  languages: ['en'],
  room: 'Room 1',
  position: 0,
  isActive: true,
  revision: 1,
  ...part,
})

/** A patient with a birth date and no contact. */
export const aPatient = (part: Partial<Patient> = {}): Patient => ({
  id: testId('Patient'),
  clinicId: testId('Clinic'),
  userId: null,
  name: 'Pat Example',
  birthDate: '1980-05-17',
  gender: 'female',
  phone: '',
  email: '',
  alerts: [],
  note: '',
  revision: 1,
  ...part,
})

/** A 15-minute consultation that every doctor offers, without buffers, notice or short horizon. */
export const anAppointmentType = (part: Partial<AppointmentType> = {}): AppointmentType => ({
  id: testId('AppointmentType', 9),
  clinicId: testId('Clinic'),
  code: 'GP-15',
  name: 'Consultation',
  durationMinutes: 15,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  noticeMinutes: 0,
  horizonDays: 365,
  doctorIds: [],
  capacity: 1,
  roomIds: [],
  equipmentIds: [],
  changeCutoffMinutes: 0,
  patientLimit: 0,
  isOnline: true,
  isActive: true,
  revision: 1,
  ...part,
})

/** Room 1, for one visit at a time. */
export const aRoom = (part: Partial<Room> = {}): Room => ({
  id: testId('Room'),
  clinicId: testId('Clinic'),
  locationId: null,
  name: 'Room 1',
  capacity: 1,
  position: 0,
  isActive: true,
  revision: 1,
  ...part,
})

/** Somebody who would come for a consultation at any time from the builders' Wednesday on. */
export const aWaitlistEntry = (part: Partial<WaitlistEntry> = {}): WaitlistEntry => ({
  id: testId('WaitlistEntry'),
  clinicId: testId('Clinic'),
  patientId: testId('Patient'),
  typeId: testId('AppointmentType', 9),
  doctorIds: [],
  specialization: '',
  kind: 'wait',
  weekdays: [],
  fromTime: null,
  untilTime: null,
  fromDay: '2026-10-14',
  untilDay: null,
  note: '',
  status: 'waiting',
  appointmentId: null,
  createdBy: null,
  createdAt: NINE_O_CLOCK - minutes(60 * 24 * 7),
  updatedAt: NINE_O_CLOCK - minutes(60 * 24 * 7),
  revision: 1,
  ...part,
})

/** For everybody, on the builders' Wednesday alone. */
export const aDayNote = (part: Partial<DayNote> = {}): DayNote => ({
  id: testId('DayNote'),
  clinicId: testId('Clinic'),
  date: '2026-10-14',
  lastDate: null,
  doctorId: null,
  text: 'The lift is broken',
  createdBy: null,
  createdByName: 'Reception',
  createdAt: NINE_O_CLOCK - minutes(60),
  updatedAt: NINE_O_CLOCK - minutes(60),
  revision: 1,
  ...part,
})

/** Unread, told when the builders' visit begins. */
export const aNotice = (part: Partial<Notice> = {}): Notice => ({
  id: testId('Notification'),
  clinicId: testId('Clinic'),
  userId: testId('User'),
  kind: 'booked',
  subject: 'Visit booked',
  message: 'Wed, Oct 14 at 09:00',
  appointmentId: null,
  createdAt: NINE_O_CLOCK - minutes(3),
  shownAt: NINE_O_CLOCK,
  readAt: null,
  revision: 1,
  ...part,
})

/** Nine o'clock on the builders' Wednesday, kept for the reception's device. */
export const anAllotment = (part: Partial<Allotment> = {}): Allotment => ({
  id: testId('Allotment'),
  clinicId: testId('Clinic'),
  doctorId: testId('Doctor'),
  typeId: testId('AppointmentType', 9),
  date: '2026-10-14',
  start: NINE_O_CLOCK,
  end: NINE_O_CLOCK + minutes(15),
  roomId: null,
  equipmentIds: [],
  deviceId: testId('Device'),
  userId: testId('User'),
  deviceName: 'Front desk',
  heldByName: 'Reception',
  status: 'open',
  endedAt: null,
  endedByName: '',
  createdAt: NINE_O_CLOCK - minutes(60),
  revision: 1,
  ...part,
})

/** Every Wednesday from 09:00 to 17:00. */
export const aScheduleTemplate = (part: Partial<ScheduleTemplate> = {}): ScheduleTemplate => ({
  id: testId('ScheduleTemplate'),
  clinicId: testId('Clinic'),
  doctorId: testId('Doctor'),
  weekday: 3,
  startTime: '09:00',
  endTime: '17:00',
  zone: TEST_ZONE,
  validFrom: '2026-01-01',
  validUntil: null,
  weeks: 'every',
  publish: 'online',
  revision: 1,
  ...part,
})

/** Leave on the whole of Wednesday 14 October 2026. */
export const aSchedule = (part: Partial<Schedule> = {}): Schedule => ({
  id: testId('Schedule', 2),
  clinicId: testId('Clinic'),
  doctorId: testId('Doctor'),
  date: '2026-10-14',
  startTime: '00:00',
  endTime: '00:00',
  zone: TEST_ZONE,
  isAvailable: false,
  closureId: null,
  note: '',
  revision: 1,
  ...part,
})
