import type { Subject } from '#domain/access/can.ts'
import type { AccessEvent } from '#domain/api/access-event-api.ts'
import type { NoteOnce } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'

/**
 * Notes in the audit which records a person has opened on a device, each event once. What the device says is taken as it is: a
 * record may have been erased since, or have left the person's sight, and that it was opened stays true. `openedAt` is the
 * device's word, the row's own time the server's.
 */
export const recordOpened = (noteOnce: NoteOnce, subject: Subject, events: readonly AccessEvent[]): Promise<void> =>
  noteOnce(
    events.map(({ id, at, collection, documentId }) => ({
      ...byWhom(subject),
      eventId: id,
      action: 'opened',
      collection,
      documentIds: [documentId],
      detail: { openedAt: at },
    })),
  )
