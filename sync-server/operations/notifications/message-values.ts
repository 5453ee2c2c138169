/** What a template is filled with: names, days and times in the recipient's language, and never what a visit is for. */

import type { DoctorId, LocationId, UserId } from '#domain/ids.ts'
import { dayText, timeText } from '#domain/message/day-text.ts'
import { languageOf } from '#domain/message/default-templates.ts'
import type { MessageValues } from '#domain/message/message-kinds.ts'
import { type LocalDay, toLocal, type Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Tx } from '#server/database/database.ts'
import { MESSAGE_CATALOGUES } from '#server/messages/message-catalogues.ts'
import { findLocationView, getClinic, getPolicies } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import type { NotificationRow } from '#server/repositories/notifications.ts'
import { findUser } from '#server/repositories/users.ts'
import { channelOfType } from './notification-deps.ts'

export type Told = {
  readonly start: Instant | null
  readonly zone: Zone
  /** What the patient was promised by the wall clock, where a visit says so. */
  readonly day?: LocalDay
  readonly doctorId: DoctorId | null
  readonly locationId: LocationId | null
  readonly previousStart?: Instant | null
  /** Who did it; null is the clinic, or whom `byName` says. */
  readonly byUserId?: UserId | null
  readonly byName?: string
  /** How late the doctor runs. */
  readonly minutesLate?: number
  readonly link: string
}

type Row = Pick<NotificationRow, 'clinic_id' | 'language' | 'type'>

export async function valuesFor(tx: Tx, row: Row, recipientName: string, told: Told): Promise<MessageValues> {
  const clinic = await getClinic(tx, row.clinic_id)
  const { phone } = await getPolicies(tx, row.clinic_id)
  const doctor = told.doctorId && (await findDocument(tx, 'doctors', told.doctorId))
  const place = told.locationId && (await findLocationView(tx, row.clinic_id, told.locationId))
  const by = told.byUserId && (await findUser(tx, told.byUserId))
  return {
    firstName: recipientName.trim().split(/\s+/)[0] ?? '',
    doctorName: doctor ? doctor.name : '',
    clinicName: clinic.name,
    clinicPhone: phone,
    place: place ? place.address || place.name : '',
    who: by ? by.name : told.byName || clinic.name,
    link: told.link,
    ...(told.minutesLate !== undefined && { count: String(told.minutesLate) }),
    ...wallOf(told.start, told.zone, row, 'day', 'time'),
    ...wallOf(told.previousStart ?? null, told.zone, row, 'previousDay', 'previousTime'),
  }
}

function wallOf<Day extends string, Time extends string>(
  instant: Instant | null,
  zone: Zone,
  { language, type }: Row,
  day: Day,
  time: Time,
): Partial<Record<Day | Time, string>> {
  if (instant === null) return {}
  const wall = toLocal(instant, zone)
  const words = languageOf(MESSAGE_CATALOGUES, language)
  const style = channelOfType(type) === 'email' ? 'long' : 'short'
  return { [day]: dayText(wall.day, words, style), [time]: timeText(wall.time, words) } as Record<Day | Time, string>
}
