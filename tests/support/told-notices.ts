/** Messages in somebody's list of the app, as the sender leaves them. */
import type { Notice } from '#domain/message/notice.ts'
import type { Database } from '#server/database/database.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import { showNotice } from '#server/operations/notifications/own-notices.ts'
import { blankNotification } from '#server/operations/notifications/plan-notifications.ts'
import { insertNotification } from '#server/repositories/notifications.ts'

type Server = { readonly database: Database; readonly writer: ClinicWriter }

/** A message as it stood in the table before messages were documents. */
export async function insertTold({ database }: Pick<Server, 'database'>, notice: Notice): Promise<void> {
  const at = notice.shownAt ?? notice.createdAt
  await database.write((tx) =>
    insertNotification(tx, {
      ...blankNotification(notice.createdAt),
      id: notice.id,
      clinic_id: notice.clinicId,
      type: 'websocket',
      kind: notice.kind,
      source_id: notice.id,
      recipient_key: `user:${notice.userId}`,
      user_id: notice.userId,
      appointment_id: notice.appointmentId,
      subject: notice.subject,
      message: notice.message,
      status: 'sent',
      sent_at: at,
    }),
  )
}

/** The same with its place in the list of its reader's devices. */
export async function tellInApp(server: Server, notice: Notice): Promise<void> {
  await insertTold(server, notice)
  await server.writer.submit<void>(notice.clinicId, 'bulk', {
    subject: null,
    door: 'job',
    run: async (ctx) => ({ ok: true, value: await showNotice(ctx, notice.id, notice.shownAt ?? notice.createdAt) }),
  })
}
