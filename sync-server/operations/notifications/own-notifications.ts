/** Somebody's own list of messages in the app, and which channels they want. */
import { can, type Subject } from '#domain/access/can.ts'
import type { NotificationView, Preference } from '#domain/api/notification-api.ts'
import type { ClinicId, PatientId, UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database, Tx } from '#server/database/database.ts'
import type { NoteAccess } from '#server/operations/access-audit.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import { type ClinicWriter, MAX_BULK } from '#server/operations/clinic-writer.ts'
import { lockDocument } from '#server/operations/save-document.ts'
import { findDocument } from '#server/repositories/documents.ts'
import { findPreference, setPreference } from '#server/repositories/notification-settings.ts'
import {
  countUnread,
  listOfUser,
  listUnread,
  type NotificationId,
  type NotificationRow,
} from '#server/repositories/notifications.ts'
import { readNotice } from './own-notices.ts'
import { patientKey, type RecipientKey, userKey } from './recipients.ts'

type Deps = { readonly database: Database; readonly now: () => Instant; readonly audit: NoteAccess }
type Owner = { readonly clinicId: ClinicId; readonly userId: UserId }

export const toNotificationView = (row: NotificationRow): NotificationView => ({
  id: row.id,
  kind: row.kind,
  subject: row.subject,
  message: row.message,
  appointmentId: row.appointment_id,
  createdAt: row.created_at,
  readAt: row.read_at,
})

/** A page of the own list, newest first. The look is noted, because the messages name visits. */
export async function listOwnNotifications(
  { database, audit }: Pick<Deps, 'database' | 'audit'>,
  subject: Subject,
  query: { readonly unread?: boolean | undefined; readonly before?: string | undefined; readonly limit: number },
) {
  const { clinicId, userId } = subject
  const page = { before: query.before, isUnread: query.unread, limit: query.limit + 1 }
  const found = await database.read(async (tx) => ({
    rows: await listOfUser(tx, clinicId, userId, page),
    unreadCount: await countUnread(tx, clinicId, userId),
  }))
  const rows = found.rows.slice(0, query.limit)
  await noteShown(audit, subject, rows)
  return {
    notifications: rows.map(toNotificationView),
    unreadCount: found.unreadCount,
    last: found.rows.length > query.limit ? (rows.at(-1)?.id ?? null) : null,
  }
}

async function noteShown(
  audit: NoteAccess,
  subject: Owner & Pick<Subject, 'via'>,
  rows: readonly NotificationRow[],
): Promise<void> {
  const documentIds = [...new Set(rows.flatMap(({ appointment_id }) => appointment_id ?? []))]
  if (documentIds.length === 0) return
  await audit({ ...byWhom(subject), action: 'read', collection: 'appointments', documentIds })
}

/**
 * What came since a place in the own list, oldest first, with the place to go on from: for a stream. The look is noted like any
 * other. `~` lies behind everything.
 */
export async function listNewNotifications(
  { database, audit }: Pick<Deps, 'database' | 'audit'>,
  { clinicId, userId, via }: Owner & Pick<Subject, 'via'>,
  after: string,
) {
  const placeOf = ({ sent_at, id }: NotificationRow): string => `${sent_at ?? 0} ${id}`
  const found = await database.read(async (tx) => ({
    rows: await listOfUser(tx, clinicId, userId, { limit: MOST_NEW }),
    unreadCount: await countUnread(tx, clinicId, userId),
  }))
  const rows = found.rows.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
  const last = rows.at(-1)
  const news = rows.filter((row) => placeOf(row) > after)
  await noteShown(audit, { clinicId, userId, ...(via && { via }) }, news)
  const place = last ? placeOf(last) : '0'
  return { notifications: news.map(toNotificationView), place, unreadCount: found.unreadCount }
}

const MOST_NEW = 100

/** Marks own messages as read, all of them without ids; those of others stay as they are. @returns how many are left */
export async function readNotifications(
  { database, writer, now }: Pick<Deps, 'database' | 'now'> & { readonly writer: ClinicWriter },
  subject: Subject,
  ids: readonly NotificationId[] | undefined,
): Promise<number> {
  const { clinicId, userId } = subject
  const at = now()
  for (let after: string | undefined = ''; after !== undefined; ) {
    const behind: string = after
    const page = await database.read((tx) => listUnread(tx, subject, { ids, after: behind, limit: MAX_BULK }))
    after = page.at(-1)
    if (after !== undefined) await readPage(writer, subject, page, at)
  }
  return database.read((tx) => countUnread(tx, clinicId, userId))
}

const readPage = (writer: ClinicWriter, subject: Subject, ids: readonly NotificationId[], at: Instant): Promise<void> =>
  writer.submit<void>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      for (const id of ids) {
        const notice = await lockDocument(ctx, 'notifications', id)
        if (notice) await readNotice(ctx, notice, at)
      }
      return { ok: true, value: undefined }
    },
  })

const DEFAULTS: Preference = { email: true, sms: true, app: true, reminders: true, language: '' }

async function preferenceOf(tx: Tx, clinicId: ClinicId, key: RecipientKey): Promise<Preference> {
  const row = await findPreference(tx, clinicId, key)
  if (!row) return DEFAULTS
  return {
    email: row.email === 1,
    sms: row.sms === 1,
    app: row.app === 1,
    reminders: row.reminders === 1,
    language: row.language as Preference['language'],
  }
}

export const showOwnPreferences = ({ database }: Pick<Deps, 'database'>, { clinicId, userId }: Owner) =>
  database.read((tx) => preferenceOf(tx, clinicId, userKey(userId)))

export const setOwnPreferences = (deps: Deps, subject: Subject, wanted: Preference): Promise<Preference> =>
  store(deps, subject, userKey(subject.userId), subject.userId, wanted)

/** Undefined when there is no such patient, or the subject may not see them. */
export const showPatientPreferences = (
  { database }: Pick<Deps, 'database'>,
  subject: Subject,
  id: PatientId,
): Promise<Preference | undefined> =>
  database.read(async (tx) =>
    (await isWithin(tx, subject, 'view-patients', id)) ? preferenceOf(tx, subject.clinicId, patientKey(id)) : undefined,
  )

/** By the desk, and by patients for themselves and those they stand for. */
export async function setPatientPreferences(
  deps: Deps,
  subject: Subject,
  id: PatientId,
  wanted: Preference,
): Promise<Preference | undefined> {
  const isAllowed = await deps.database.read(
    async (tx) =>
      (await isWithin(tx, subject, 'manage-patients', id)) ||
      (subject.patientIds.includes(id) && (await isWithin(tx, subject, 'view-patients', id))),
  )
  return isAllowed ? store(deps, subject, patientKey(id), id, wanted) : undefined
}

async function isWithin(
  tx: Tx,
  subject: Subject,
  permission: 'view-patients' | 'manage-patients',
  id: PatientId,
): Promise<boolean> {
  const patient = await findDocument(tx, 'patients', id)
  return (
    patient !== null &&
    patient !== undefined &&
    !patient._deleted &&
    can(subject, permission, { clinicId: patient.clinicId, patientId: id })
  )
}

async function store(
  { database, now, audit }: Deps,
  subject: Subject,
  key: RecipientKey,
  documentId: string,
  { language, ...channels }: Preference,
): Promise<Preference> {
  const stored = await database.write(async (tx) => {
    const before = await findPreference(tx, subject.clinicId, key)
    await setPreference(tx, {
      clinic_id: subject.clinicId,
      owner_key: key,
      email: Number(channels.email),
      sms: Number(channels.sms),
      app: Number(channels.app),
      reminders: Number(channels.reminders),
      language,
      updated_at: now(),
      revision: (before?.revision ?? 0) + 1,
    })
    return preferenceOf(tx, subject.clinicId, key)
  })
  await audit({ ...byWhom(subject), action: 'preferences-changed', documentIds: [documentId] })
  return stored
}
