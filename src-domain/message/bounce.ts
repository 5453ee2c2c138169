/** What a mail server says later of a mail that it took: a delivery status notification (RFC 3464). */

export type BounceReport = {
  /** Parts of Message-IDs before the at sign, of every message named in it: ours, and that of the notification itself. */
  readonly messageIds: readonly string[]
  readonly state: 'delivered' | 'failed' | 'under-way'
}

/** RFC 3464, section 2.3.3. */
const STATE_OF_ACTION: Readonly<Record<string, BounceReport['state']>> = {
  failed: 'failed',
  delivered: 'delivered',
  delayed: 'under-way',
  // Handed to somebody who tells nothing, or to several: not known to have arrived.
  relayed: 'under-way',
  expanded: 'under-way',
}
const MOST_IDS = 8

/**
 * @param text the whole notification as it came
 * @returns null for any other mail: an answer by a person, or by a holiday
 */
export function parseBounce(text: string): BounceReport | null {
  if (!/^content-type:\s*multipart\/report\b/im.test(text)) return null
  const action = /^action:\s*([a-z]+)/im.exec(text)?.[1]?.toLowerCase() ?? ''
  const state = STATE_OF_ACTION[action]
  if (state === undefined) return null
  const named = [...text.matchAll(/^message-id:\s*<([^\s<>@]{1,128})@[^\s<>]{1,255}>/gim)]
  return { messageIds: [...new Set(named.map(([, id = '']) => id))].slice(0, MOST_IDS), state }
}
