/** What somebody was told, on the device: marks written here first, and what counts as news. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '#domain/message/notice.ts'
import { minutes } from '#domain/time/instant.ts'
import type { Desk } from '#renderer/local-db/desk.ts'
import { markReadLocally, newNotices } from '#renderer/local-db/notices-store.ts'
import { allNotices, readAll } from '#renderer/local-db/queries.ts'
import { aNotice, testId } from '#tests/support/builders.ts'
import { aLocalDesk } from '#tests/support/local-desk.ts'

let desk: Desk
let now = 0
beforeEach(async () => {
  const local = await aLocalDesk()
  now = local.now()
  desk = { ...local, now: () => now }
})
afterEach(() => desk.database.close())

const add = (number: number, part: Partial<Notice> = {}) =>
  desk.database.notifications.insert(aNotice({ id: testId('Notification', number), shownAt: now, ...part }))
const readAts = async () => (await readAll(allNotices(desk.database))).map(({ readAt }) => readAt)

describe('marking as read', () => {
  it('takes those named or all, and leaves the time of what was read before', async () => {
    await add(1, { readAt: 5 })
    await add(2)
    await add(3)
    await markReadLocally(desk, [testId('Notification', 2)])
    expect(await readAts()).toEqual([5, now, null])
    const before = now
    now += minutes(1)
    await markReadLocally(desk)
    expect(await readAts()).toEqual([5, before, now])
  })
})

describe('news', () => {
  it('is what comes unread within moments of being told, each once', async () => {
    const heard: string[] = []
    const subscription = newNotices(desk.database, desk.now).subscribe(({ subject }) => heard.push(subject))
    await add(1, { subject: 'now' })
    await add(2, { subject: 'told while the device was away', shownAt: now - minutes(3) })
    await add(3, { subject: 'read elsewhere', readAt: now })
    await markReadLocally(desk)
    await expect.poll(() => heard).toEqual(['now'])
    subscription.unsubscribe()
  })
})
