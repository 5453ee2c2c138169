/**
 * Brings devices level with the days for which they hold what somebody was told: what has become older leaves, and what was told
 * before messages were documents comes. In pages of the writer's bulk lane; may be cut off and run twice.
 */

import type { ClinicId } from '#domain/ids.ts'
import { noticesHeldSince } from '#domain/message/notice.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { type ClinicWriter, MAX_BULK } from '#server/operations/clinic-writer.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { listAgedNotices, listUnshownNotices, type NotificationId } from '#server/repositories/notifications.ts'
import { hideNotices, showNotice } from './own-notices.ts'

type Deps = { readonly database: Database; readonly writer: ClinicWriter; readonly now: () => Instant }

export async function levelNotices(deps: Deps, clinicId: ClinicId): Promise<void> {
  const { database, now } = deps
  const page = () => ({ clinicId, since: noticesHeldSince(now()), limit: MAX_BULK })
  await pageByPage(
    async () => (await database.read((tx) => listAgedNotices(tx, page()))).map((id) => ({ id })),
    (aged) =>
      write(deps, clinicId, (ctx) =>
        hideNotices(
          ctx,
          aged.map(({ id }) => id),
        ),
      ),
  )
  await pageByPage(
    () => database.read((tx) => listUnshownNotices(tx, page())),
    (unshown) =>
      write(deps, clinicId, async (ctx) => {
        for (const { id, sentAt } of unshown) await showNotice(ctx, id, sentAt)
      }),
  )
}

/** @throws Error when a page is read again as it was: it would be for ever */
async function pageByPage<Item extends { readonly id: NotificationId }>(
  read: () => Promise<readonly Item[]>,
  handle: (page: readonly Item[]) => Promise<void>,
): Promise<void> {
  let before = ''
  for (let page = await read(); page.length > 0; page = await read()) {
    const ids = page.map(({ id }) => id).join()
    if (ids === before) throw new Error('Messages did not become level')
    before = ids
    await handle(page)
  }
}

const write = ({ writer }: Deps, clinicId: ClinicId, work: (ctx: WriteContext) => Promise<void>): Promise<void> =>
  writer.submit<void>(clinicId, 'bulk', {
    subject: null,
    door: 'job',
    run: async (ctx) => ({ ok: true, value: await work(ctx) }),
  })
