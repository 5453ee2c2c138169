/**
 * The replicated collections: schema, version, indexes, what is encrypted on a device, who owns which field, and whether
 * a client may push. Everything that treats collections alike reads this table.
 */
import type { TObject } from 'typebox'
import {
  type Appointment,
  type AppointmentType,
  appointmentSchema,
  appointmentTypeSchema,
} from '#domain/appointment/appointment-schemas.ts'
import { type DayNote, dayNoteSchema } from '#domain/clinic/day-note.ts'
import { type Room, roomSchema } from '#domain/clinic/room-schema.ts'
import { type Notice, noticeSchema } from '#domain/message/notice.ts'
import { type Doctor, doctorSchema, type Patient, patientSchema } from '#domain/people/people-schemas.ts'
import { type Allotment, allotmentSchema } from '#domain/schedule/allotment.ts'
import {
  type Schedule,
  type ScheduleTemplate,
  scheduleSchema,
  scheduleTemplateSchema,
} from '#domain/schedule/schedule-schemas.ts'
import { type WaitlistEntry, waitlistEntrySchema } from '#domain/waitlist/waitlist-schemas.ts'
import { type RejectedChange, rejectedChangeSchema } from './rejected-change-schema.ts'

export type Documents = {
  appointments: Appointment
  schedules: Schedule
  schedule_templates: ScheduleTemplate
  doctors: Doctor
  patients: Patient
  appointment_types: AppointmentType
  rooms: Room
  waitlist_entries: WaitlistEntry
  day_notes: DayNote
  notifications: Notice
  allotments: Allotment
  rejected_changes: RejectedChange
}
export type CollectionName = keyof Documents
/** A document on the wire: its content and whether it is deleted. */
export type WireDocument<Name extends CollectionName = CollectionName> = Documents[Name] & { _deleted: boolean }

export type CollectionDefinition = {
  readonly schema: TObject
  /** Raised with every change of the schema; the migration of that version is shared by server and clients. */
  readonly version: number
  readonly indexes: readonly (readonly string[])[]
  /** Fields that lie encrypted on a device: they can be neither selected nor sorted by. */
  readonly encrypted: readonly string[]
  /** Fields only the server sets. A push that changes one is refused; on a new document they are ignored. */
  readonly serverOwned: readonly string[]
  /**
   * What a client may push: any change its permissions allow, nothing, only the deletion of its own (dismissal), or only marks on what
   * the server has made (reading).
   */
  readonly push: 'rules' | 'none' | 'dismiss' | 'mark'
}

export const COLLECTIONS = {
  appointments: {
    schema: appointmentSchema,
    version: 1,
    indexes: [['localDay', 'doctorId'], ['patientId'], ['status']],
    // Whoever booked online is the patient, and whoever holds a lost time may be one: names stand in both.
    encrypted: ['reason', 'note', 'cancelReason', 'cancelledByName', 'overbookReason', 'createdByName', 'unplaced'],
    serverOwned: [
      'clinicId',
      'origin',
      'zone',
      'localDay',
      'localStart',
      'equipmentIds',
      'seriesId',
      'cancelledAt',
      'cancelledBy',
      'cancelledByName',
      'unplaced',
      'createdBy',
      'createdByName',
      'createdAt',
      'updatedAt',
      'revision',
    ],
    push: 'rules',
  },
  schedules: {
    schema: scheduleSchema,
    version: 1,
    indexes: [['date', 'doctorId']],
    encrypted: [],
    serverOwned: ['clinicId', 'zone', 'closureId', 'revision'],
    push: 'rules',
  },
  schedule_templates: {
    schema: scheduleTemplateSchema,
    version: 0,
    indexes: [['doctorId', 'weekday']],
    encrypted: [],
    serverOwned: ['clinicId', 'revision'],
    push: 'none',
  },
  doctors: {
    schema: doctorSchema,
    version: 0,
    indexes: [],
    encrypted: [],
    serverOwned: ['clinicId', 'revision'],
    push: 'none',
  },
  patients: {
    schema: patientSchema,
    version: 0,
    indexes: [],
    encrypted: ['name', 'birthDate', 'gender', 'phone', 'email', 'alerts', 'note'],
    serverOwned: ['clinicId', 'userId', 'revision'],
    push: 'rules',
  },
  appointment_types: {
    schema: appointmentTypeSchema,
    version: 1,
    indexes: [],
    encrypted: [],
    serverOwned: ['clinicId', 'revision'],
    push: 'none',
  },
  rooms: {
    schema: roomSchema,
    version: 0,
    indexes: [],
    encrypted: [],
    serverOwned: ['clinicId', 'revision'],
    push: 'none',
  },
  waitlist_entries: {
    schema: waitlistEntrySchema,
    version: 0,
    indexes: [['status'], ['patientId']],
    encrypted: ['note'],
    serverOwned: ['clinicId', 'appointmentId', 'createdBy', 'createdAt', 'updatedAt', 'revision'],
    push: 'rules',
  },
  day_notes: {
    schema: dayNoteSchema,
    version: 0,
    indexes: [['date']],
    // What people write about a day may name somebody.
    encrypted: ['text', 'createdByName'],
    serverOwned: ['clinicId', 'createdBy', 'createdByName', 'createdAt', 'updatedAt', 'revision'],
    push: 'rules',
  },
  notifications: {
    schema: noticeSchema,
    version: 0,
    indexes: [],
    // Both may name a person.
    encrypted: ['subject', 'message'],
    serverOwned: [
      'clinicId',
      'userId',
      'kind',
      'subject',
      'message',
      'appointmentId',
      'createdAt',
      'shownAt',
      'revision',
    ],
    push: 'mark',
  },
  allotments: {
    schema: allotmentSchema,
    version: 0,
    indexes: [['date', 'doctorId']],
    encrypted: ['deviceName', 'heldByName', 'endedByName'],
    serverOwned: ['clinicId', 'revision'],
    push: 'none',
  },
  rejected_changes: {
    schema: rejectedChangeSchema,
    version: 0,
    indexes: [],
    encrypted: ['attempted', 'base', 'takenBy'],
    serverOwned: [
      'clinicId',
      'userId',
      'collectionName',
      'documentId',
      'reason',
      'field',
      'takenBy',
      'takenAt',
      'attempted',
      'base',
      'at',
      'revision',
    ],
    push: 'dismiss',
  },
} as const satisfies Record<CollectionName, CollectionDefinition>

export const COLLECTION_NAMES = Object.keys(COLLECTIONS) as readonly CollectionName[]

/** The definition of a collection, with the types of all collections alike. */
export const definitionOf = (name: CollectionName): CollectionDefinition => COLLECTIONS[name]

/** True when the text names a replicated collection. */
export const isCollectionName = (text: string): text is CollectionName => Object.hasOwn(COLLECTIONS, text)
