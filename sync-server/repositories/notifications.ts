/** `notifications`: messages to people, from the news that makes them to the report that they arrived. */
import type { AppointmentId, ClinicId, DoctorId, Id, PatientId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import { claimDue, insertIgnore, lockRow, type Tx } from '#server/database/dialect.ts'
import type { NotificationType } from '#server/database/notification-tables.ts'
import type { Tables } from '#server/database/tables.ts'

export type NotificationRow = Tables['notifications']
export type NotificationId = Id<'Notification'>

/** Adds a message unless its source has made one for this recipient and channel. */
export const insertNotification = (tx: Tx, row: NotificationRow): Promise<boolean> =>
  insertIgnore(tx, 'notifications', row)

/** The messages that are due, oldest first, for this transaction alone. */
export const claimDueNotifications = (tx: Tx, now: Instant, limit: number): Promise<NotificationRow[]> =>
  claimDue(
    tx,
    tx
      .selectFrom('notifications')
      .selectAll()
      .where('status', '=', 'pending')
      .where('next_at', '<=', now)
      .orderBy('next_at')
      .limit(limit),
  ).execute()

/** What else waits for the same person on the same channel; locked. */
export const listPendingOf = (
  tx: Tx,
  { recipientKey, type }: { readonly recipientKey: string; readonly type: NotificationType },
): Promise<NotificationRow[]> =>
  lockRow(
    tx,
    tx
      .selectFrom('notifications')
      .selectAll()
      .where('recipient_key', '=', recipientKey)
      .where('type', '=', type)
      .where('status', '=', 'pending')
      .orderBy('id'),
  ).execute()

/**
 * What somebody knew of a visit before some news, whatever channel it came by: the newest revision they were told, else the one
 * before the first that made news. 0 stands for nothing.
 */
export async function findKnownRevision(
  tx: Tx,
  { appointment_id, recipient_key }: Pick<NotificationRow, 'appointment_id' | 'recipient_key'>,
  before: number,
): Promise<number> {
  const rows = await tx
    .selectFrom('notifications')
    .select(['told_revision', 'appointment_revision'])
    .where('appointment_id', '=', appointment_id)
    .where('recipient_key', '=', recipient_key)
    .where('appointment_revision', 'is not', null)
    .execute()
  const told = rows.flatMap(({ told_revision, appointment_revision }) =>
    (appointment_revision ?? before) < before ? (told_revision ?? []) : [],
  )
  if (told.length > 0) return Math.max(...told)
  return Math.min(before, ...rows.map(({ appointment_revision }) => appointment_revision ?? before)) - 1
}

export async function changeNotifications(
  tx: Tx,
  ids: readonly NotificationId[],
  change: Partial<NotificationRow>,
): Promise<void> {
  if (ids.length > 0) await tx.updateTable('notifications').set(change).where('id', 'in', ids).execute()
}

/** Messages of reminders that were left out because the visit was elsewhere then, for whoever brings them back. */
export const listOutdatedReminders = (
  tx: Tx,
  about: {
    readonly appointmentId: AppointmentId
    readonly start: Instant
    readonly doctorId: DoctorId
    /** Made since then. */
    readonly since: Instant
  },
): Promise<NotificationRow[]> =>
  lockRow(
    tx,
    tx
      .selectFrom('notifications')
      .selectAll()
      .where('appointment_id', '=', about.appointmentId)
      .where('kind', '=', 'reminder')
      .where('about_start', '=', about.start)
      .where('about_doctor_id', '=', about.doctorId)
      .where('status', '=', 'skipped')
      .where('reason', '=', 'outdated')
      .where('created_at', '>=', about.since),
  ).execute()

export const findNotification = (tx: Tx, id: NotificationId): Promise<NotificationRow | undefined> =>
  lockRow(tx, tx.selectFrom('notifications').selectAll().where('id', '=', id)).executeTakeFirst()

export const findByGatewayId = (tx: Tx, gatewayId: string): Promise<NotificationRow | undefined> =>
  lockRow(tx, tx.selectFrom('notifications').selectAll().where('gateway_id', '=', gatewayId)).executeTakeFirst()

/** Reminders by SMS to a number that an answer may still name. */
export const listAnswerable = (tx: Tx, number: string, now: Instant): Promise<NotificationRow[]> =>
  lockRow(
    tx,
    tx
      .selectFrom('notifications')
      .selectAll()
      .where('recipient', '=', number)
      .where('type', '=', 'sms')
      .where('status', 'in', ['sent', 'delivered'])
      .where('code', 'is not', null)
      .where('about_start', '>', now),
  ).execute()

type Page = { readonly before?: string | undefined; readonly limit: number }

/** Somebody's list in the app, newest first. */
export async function listOfUser(
  tx: Tx,
  clinicId: ClinicId,
  userId: UserId,
  { before, limit, isUnread }: Page & { readonly isUnread?: boolean | undefined },
): Promise<NotificationRow[]> {
  let query = tx
    .selectFrom('notifications')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('user_id', '=', userId)
    .where('type', '=', 'websocket')
    .where('status', 'in', ['sent', 'delivered'])
    // One that was told with another has no words of its own.
    .where('merged_into', 'is', null)
  if (before !== undefined) query = query.where('id', '<', before as NotificationId)
  if (isUnread === true) query = query.where('read_at', 'is', null)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

export async function countUnread(tx: Tx, clinicId: ClinicId, userId: UserId): Promise<number> {
  const { count } = await tx
    .selectFrom('notifications')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('clinic_id', '=', clinicId)
    .where('user_id', '=', userId)
    .where('type', '=', 'websocket')
    .where('status', 'in', ['sent', 'delivered'])
    .where('merged_into', 'is', null)
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Unread messages of a person's list, those named or all of them; at most `limit`, and those behind `after`. */
export async function listUnread(
  tx: Tx,
  { clinicId, userId }: { readonly clinicId: ClinicId; readonly userId: UserId },
  {
    ids,
    after,
    limit,
  }: { readonly ids: readonly NotificationId[] | undefined; readonly after: string; readonly limit: number },
): Promise<readonly NotificationId[]> {
  let query = tx
    .selectFrom('notifications')
    .select('id')
    .where('clinic_id', '=', clinicId)
    .where('user_id', '=', userId)
    .where('type', '=', 'websocket')
    .where('status', 'in', ['sent', 'delivered'])
    .where('merged_into', 'is', null)
    .where('read_at', 'is', null)
    .where('id', '>', after as NotificationId)
  if (ids !== undefined) query = query.where('id', 'in', ids)
  return (await query.orderBy('id').limit(limit).execute()).map(({ id }) => id)
}

type HeldPage = { readonly clinicId: ClinicId; readonly since: Instant; readonly limit: number }

/** Messages in lists of the app that devices hold although they were told before `since`. */
export async function listAgedNotices(
  tx: Tx,
  { clinicId, since, limit }: HeldPage,
): Promise<readonly NotificationId[]> {
  const rows = await tx
    .selectFrom('notifications as notice')
    .select('notice.id')
    .where('notice.clinic_id', '=', clinicId)
    .where('notice.shown_at', '<', since)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('document_views as view')
          .select('view.document_id')
          .whereRef('view.document_id', '=', 'notice.id')
          .where('view.collection', '=', 'notifications')
          .where('view.visible', '=', 1),
      ),
    )
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Messages told in the app since then that no device has been told of: from before they were documents. */
export async function listUnshownNotices(
  tx: Tx,
  { clinicId, since, limit }: HeldPage,
): Promise<readonly { readonly id: NotificationId; readonly sentAt: Instant }[]> {
  const rows = await tx
    .selectFrom('notifications')
    .select(['id', 'sent_at'])
    .where('clinic_id', '=', clinicId)
    .where('shown_at', 'is', null)
    .where('type', '=', 'websocket')
    .where('status', 'in', ['sent', 'delivered'])
    .where('merged_into', 'is', null)
    .where('user_id', 'is not', null)
    .where('sent_at', '>=', since)
    .limit(limit)
    .execute()
  return rows.map(({ id, sent_at }) => ({ id, sentAt: sent_at ?? since }))
}

/** Messages to a patient, and what others were told of their visits. */
export async function listAboutPatient(
  tx: Tx,
  { clinicId, patientId, documentIds }: { clinicId: ClinicId; patientId: PatientId; documentIds: readonly string[] },
): Promise<readonly NotificationId[]> {
  const own = tx.selectFrom('notifications').select('id').where('clinic_id', '=', clinicId)
  const found = [...(await own.where('patient_id', '=', patientId).execute())]
  for (let start = 0; start < documentIds.length; start += IDS_AT_ONCE) {
    const some = documentIds.slice(start, start + IDS_AT_ONCE) as AppointmentId[]
    found.push(...(await own.where('appointment_id', 'in', some).execute()))
  }
  return [...new Set(found.map(({ id }) => id))]
}

const IDS_AT_ONCE = 500

export async function deleteNotifications(tx: Tx, ids: readonly NotificationId[]): Promise<void> {
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    await tx
      .deleteFrom('notifications')
      .where('id', 'in', ids.slice(start, start + IDS_AT_ONCE))
      .execute()
  }
}

export type DeliveryFilter = Page & {
  readonly status?: NotificationRow['status'] | undefined
  readonly type?: NotificationType | undefined
  readonly appointmentId?: AppointmentId | undefined
}

/** The messages of a clinic, newest first: what was sent, waits, failed or was left out. */
export async function listOfClinic(
  tx: Tx,
  clinicId: ClinicId,
  { status, type, appointmentId, before, limit }: DeliveryFilter,
): Promise<NotificationRow[]> {
  let query = tx.selectFrom('notifications').selectAll().where('clinic_id', '=', clinicId)
  if (status !== undefined) query = query.where('status', '=', status)
  if (type !== undefined) query = query.where('type', '=', type)
  if (appointmentId !== undefined) query = query.where('appointment_id', '=', appointmentId)
  if (before !== undefined) query = query.where('id', '<', before as NotificationId)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** Messages by channel and status, and since when the oldest one due waits. */
export async function countNotifications(
  tx: Tx,
): Promise<readonly { readonly type: string; readonly status: string; readonly count: number }[]> {
  const rows = await tx
    .selectFrom('notifications')
    .select(({ fn }) => ['type', 'status', fn.countAll().as('count')])
    .groupBy(['type', 'status'])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** Deletes settled messages from before an instant. @returns true when there may be more */
export async function deleteOldNotifications(
  tx: Tx,
  clinicId: ClinicId,
  before: Instant,
  limit: number,
): Promise<boolean> {
  const rows = await tx
    .selectFrom('notifications')
    .select('id')
    .where('clinic_id', '=', clinicId)
    .where('created_at', '<', before)
    .where('status', '!=', 'pending')
    .limit(limit)
    .execute()
  const ids = rows.map(({ id }) => id)
  await deleteNotifications(tx, ids)
  // They left the devices long ago, and one that was away for so long is put right by its sums.
  if (ids.length > 0) {
    const views = tx.deleteFrom('document_views').where('collection', '=', 'notifications')
    await views.where('document_id', 'in', ids).execute()
  }
  return ids.length === limit
}
