/** The resources of the REST API that are replicated documents: who may see and change them, and how they are found. */
import Type from 'typebox'
import { appointmentTypeSchema } from '#domain/appointment/appointment-schemas.ts'
import { roomSchema } from '#domain/clinic/room-schema.ts'
import { idSchema } from '#domain/ids.ts'
import { doctorSchema, patientSchema } from '#domain/people/people-schemas.ts'
import { scheduleSchema, scheduleTemplateSchema } from '#domain/schedule/schedule-schemas.ts'
import { localDaySchema, localTimeSchema } from '#domain/schema-parts.ts'
import { describeResource, type Filter, type Resource } from './resource.ts'

const is = (field: string, schema: Filter['schema']): Filter => ({ field, by: 'is', schema })
const words = (field: string): Filter => ({ field, by: 'words', schema: Type.String({ minLength: 1, maxLength: 160 }) })
const ofDoctor = is('doctorId', idSchema<'Doctor'>())
const isActive = is('isActive', Type.Boolean())

const DOCTORS = describeResource({
  collection: 'doctors',
  path: 'doctors',
  one: 'doctor',
  many: 'doctors',
  view: 'signed-in',
  manage: 'manage-doctors',
  order: ['position'],
  filters: {
    name: words('name'),
    specialization: is('specialization', Type.String({ minLength: 1, maxLength: 80 })),
    locationId: is('locationId', idSchema<'Location'>()),
    isActive,
  },
  schema: doctorSchema,
  owned: {},
  defaults: {
    userId: null,
    locationId: null,
    specialization: '',
    bio: '',
    languages: [],
    room: '',
    position: 0,
    isActive: true,
  },
  removal: 'switch-off',
})

const PATIENTS = describeResource({
  collection: 'patients',
  path: 'patients',
  one: 'patient',
  many: 'patients',
  view: 'view-patients',
  manage: 'manage-patients',
  order: ['name'],
  filters: {
    name: words('name'),
    birthDate: is('birthDate', localDaySchema()),
    phone: { field: 'phone', by: 'digits', schema: Type.String({ pattern: '[0-9]', maxLength: 40 }) },
  },
  schema: patientSchema,
  owned: { userId: null },
  defaults: { birthDate: null, gender: 'unknown', phone: '', email: '', alerts: [], note: '' },
  // A person's record is erased by its own procedure, not taken off a list.
  removal: 'none',
})

const SCHEDULES = describeResource({
  collection: 'schedules',
  path: 'schedules',
  one: 'schedule',
  many: 'schedules',
  view: 'view-schedules',
  manage: 'manage-schedules',
  order: ['date', 'startTime'],
  filters: {
    doctorId: ofDoctor,
    from: { field: 'date', by: 'from', schema: localDaySchema() },
    to: { field: 'date', by: 'until', schema: localDaySchema() },
    isAvailable: is('isAvailable', Type.Boolean()),
  },
  schema: scheduleSchema,
  owned: { zone: 'UTC', closureId: null },
  defaults: { note: '' },
  // The time at which it begins on the clinic's wall, where the doctor works in another zone.
  shown: { time: localTimeSchema() },
  removal: 'delete',
})

const SCHEDULE_TEMPLATES = describeResource({
  collection: 'schedule_templates',
  path: 'schedule-templates',
  one: 'scheduleTemplate',
  many: 'scheduleTemplates',
  view: 'view-schedules',
  manage: 'manage-schedules',
  order: ['doctorId', 'weekday', 'startTime'],
  filters: {
    doctorId: ofDoctor,
    weekday: is('weekday', Type.Integer({ minimum: 1, maximum: 7 })),
  },
  schema: scheduleTemplateSchema,
  owned: { zone: 'UTC' },
  defaults: { validUntil: null, weeks: 'every', publish: 'online' },
  removal: 'delete',
})

const APPOINTMENT_TYPES = describeResource({
  collection: 'appointment_types',
  path: 'appointment-types',
  one: 'appointmentType',
  many: 'appointmentTypes',
  view: 'signed-in',
  manage: 'manage-appointment-types',
  order: ['code'],
  filters: {
    code: is('code', Type.String({ minLength: 1, maxLength: 16 })),
    isOnline: is('isOnline', Type.Boolean()),
    isActive,
  },
  schema: appointmentTypeSchema,
  owned: {},
  defaults: {
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    noticeMinutes: 0,
    horizonDays: 365,
    doctorIds: [],
    isOnline: true,
    isActive: true,
    capacity: 1,
    roomIds: [],
    equipmentIds: [],
    changeCutoffMinutes: 0,
    patientLimit: 0,
  },
  removal: 'switch-off',
})

const ROOMS = describeResource({
  collection: 'rooms',
  path: 'rooms',
  one: 'room',
  many: 'rooms',
  view: 'signed-in',
  manage: 'manage-rooms',
  order: ['position'],
  filters: { name: words('name'), locationId: is('locationId', idSchema<'Location'>()), isActive },
  schema: roomSchema,
  owned: {},
  defaults: { locationId: null, capacity: 1, position: 0, isActive: true },
  removal: 'switch-off',
})

export const RESOURCES: readonly Resource[] = [
  DOCTORS,
  PATIENTS,
  SCHEDULES,
  SCHEDULE_TEMPLATES,
  APPOINTMENT_TYPES,
  ROOMS,
]
