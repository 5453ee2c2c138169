/** The waitlist as somebody may see it, whom a free time fits, and what is offered at the moment. On the audit log before it returns. */
import { audiencesFor } from '#domain/access/audiences.ts'
import { can, type Subject } from '#domain/access/can.ts'
import type { OfferView } from '#domain/api/waitlist-api.ts'
import type { AppointmentTypeId, DoctorId, PatientId } from '#domain/ids.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { type LocalTime, minuteOfDayOf, toLocal } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { rankedFits } from '#domain/waitlist/fit.ts'
import type { WaitlistEntry, WaitlistStatus } from '#domain/waitlist/waitlist-schemas.ts'
import type { Database } from '#server/database/database.ts'
import { findLocation, getClinic } from '#server/repositories/clinic-rows.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { listVisible, type PageOf, type PageQuestion } from '#server/repositories/visible-documents.ts'
import { listOpenOffers, listWaiting, type Offer } from '#server/repositories/waitlist.ts'
import type { NoteAccess } from './access-audit.ts'
import { mayManage } from './apply-waitlist-entry.ts'
import { byWhom } from './audit-entry.ts'

type Deps = { readonly database: Database; readonly audit: NoteAccess; readonly now: () => Instant }
type Filters = {
  readonly status?: WaitlistStatus
  readonly patientId?: PatientId
  readonly typeId?: AppointmentTypeId
}

export async function listWaitlist(
  { database, audit }: Deps,
  subject: Subject,
  filters: Filters,
  page: Pick<PageQuestion, 'limit' | 'after'>,
): Promise<PageOf<WaitlistEntry>> {
  const { clinicId } = subject
  const found = await database.read((tx) =>
    listVisible(tx, 'waitlist_entries', {
      clinicId,
      audiences: audiencesFor(subject, 'waitlist_entries'),
      conditions: Object.entries(filters).flatMap(([field, value]) =>
        value === undefined ? [] : [{ field, by: 'is', value } as const],
      ),
      order: ['createdAt'],
      ...page,
    }),
  )
  await noteRead(audit, subject, found.items)
  return { items: found.items.map(asEntry), last: found.last }
}

/** Whom a free time fits, in the order to ask; undefined when doctor or type are not of the clinic. */
export async function findFits(
  { database, audit }: Deps,
  subject: Subject,
  {
    doctorId,
    typeId,
    start,
  }: { readonly doctorId: DoctorId; readonly typeId: AppointmentTypeId; readonly start: Instant },
): Promise<readonly WaitlistEntry[] | undefined> {
  const { clinicId } = subject
  const found = await database.read(async (tx) => {
    const doctor = await findDocument(tx, 'doctors', doctorId)
    const type = await findDocument(tx, 'appointment_types', typeId)
    if (!doctor || doctor._deleted || doctor.clinicId !== clinicId || !type || type.clinicId !== clinicId)
      return undefined
    const location = doctor.locationId === null ? undefined : await findLocation(tx, doctor.locationId)
    const zone = location?.zone ?? (await getClinic(tx, clinicId)).zone
    const { day, time: startTime } = toLocal(start, zone)
    const endTime = wallEnd(startTime, type.durationMinutes)
    const entries = await listWaiting(tx, clinicId, typeId, day)
    const time = { doctorId, specialization: doctor.specialization, typeId, day, startTime, endTime }
    return rankedFits(entries, time).filter((entry) => mayManage(subject, entry))
  })
  if (found) await noteRead(audit, subject, found)
  return found?.map(asEntry)
}

/** Texts of wall times compare like the times, also beyond midnight: '25:30' is half past one of the next day. */
function wallEnd(startTime: LocalTime, durationMinutes: number): LocalTime {
  const end = minuteOfDayOf(startTime) + durationMinutes
  return `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`
}

/** The offers that are open, as far as the subject may answer for their patients. */
export async function listOffers({ database, audit, now }: Deps, subject: Subject): Promise<readonly OfferView[]> {
  const { clinicId } = subject
  const open = await database.read((tx) => listOpenOffers(tx, clinicId))
  const seen = open.filter(({ expiresAt, patientId, doctorId }) => {
    return expiresAt > now() && can(subject, 'manage-waitlist', { clinicId, patientId, doctorId })
  })
  await noteRead(
    audit,
    subject,
    seen.map(({ entryId }) => ({ id: entryId })),
  )
  return seen.map(viewOffer)
}

export const viewOffer = ({
  id,
  entryId,
  patientId,
  doctorId,
  typeId,
  start,
  end,
  status,
  expiresAt,
}: Offer): OfferView => ({
  id,
  entryId,
  patientId,
  doctorId,
  typeId,
  start,
  end,
  status,
  expiresAt,
})

export const asEntry = ({ _deleted: _, ...entry }: WireDocument<'waitlist_entries'>): WaitlistEntry => entry

async function noteRead(audit: NoteAccess, subject: Subject, found: readonly { readonly id: string }[]): Promise<void> {
  if (found.length === 0) return
  const documentIds = found.map(({ id }) => id)
  await audit({ ...byWhom(subject), action: 'read', collection: 'waitlist_entries', documentIds })
}
