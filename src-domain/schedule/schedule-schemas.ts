/** Working hours as they travel between server and clients: weekly templates, and dated schedules that change them. */
import Type from 'typebox'
import { idSchema } from '#domain/ids.ts'
import {
  localDaySchema,
  localTimeSchema,
  nullable,
  oneOf,
  revisionSchema,
  textSchema,
  zoneSchema,
} from '#domain/schema-parts.ts'

/** One range of a doctor's week in wall time. An `endTime` not after `startTime` means the next day. */
export const scheduleTemplateSchema = Type.Object(
  {
    id: idSchema<'ScheduleTemplate'>(),
    clinicId: idSchema<'Clinic'>(),
    doctorId: idSchema<'Doctor'>(),
    /** ISO weekday, Monday 1 to Sunday 7. */
    weekday: Type.Integer({ minimum: 1, maximum: 7, multipleOf: 1 }),
    startTime: localTimeSchema(),
    endTime: localTimeSchema(),
    zone: zoneSchema(),
    validFrom: localDaySchema(),
    /** The last day it applies; null while it has no end. */
    validUntil: nullable(localDaySchema()),
    /** Which ISO weeks it applies to. */
    weeks: oneOf(['every', 'odd', 'even']),
    /** Who may book into it: patients online, patients by asking, staff only. */
    publish: oneOf(['online', 'ask', 'staff']),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type ScheduleTemplate = Type.Static<typeof scheduleTemplateSchema>

/** A dated change of a doctor's hours: extra hours when `isAvailable`, otherwise leave or a closure. */
export const scheduleSchema = Type.Object(
  {
    id: idSchema<'Schedule'>(),
    clinicId: idSchema<'Clinic'>(),
    doctorId: idSchema<'Doctor'>(),
    date: localDaySchema(),
    startTime: localTimeSchema(),
    endTime: localTimeSchema(),
    zone: zoneSchema(),
    isAvailable: Type.Boolean(),
    /** The clinic's closure that it comes from; such a row changes with its closure alone. */
    closureId: nullable(idSchema<'Closure'>()),
    note: textSchema(500),
    revision: revisionSchema(),
  },
  { additionalProperties: false },
)
export type Schedule = Type.Static<typeof scheduleSchema>
