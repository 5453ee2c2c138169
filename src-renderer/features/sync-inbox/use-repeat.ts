import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { canonicalText } from '#domain/sync/canonical.ts'
import type { RejectedChange } from '#domain/sync/rejected-change-schema.ts'
import type { PushRow } from '#domain/sync/wire-messages.ts'
import { rowToRepeat } from '#renderer/clinic/refused-change.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { type HandledEntry, noteHandled } from '#renderer/local-db/handled-entries.ts'
import { useLocalDb, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { dismissRejection } from '#renderer/local-db/patients-store.ts'
import { prepareAgain } from '#renderer/local-db/prepare-again.ts'
import { useWhenSent } from '#renderer/local-db/use-when-sent.ts'
import { showProblem } from '#renderer/ui/parts/toasts.tsx'

/**
 * Makes a refused change once more on top of what stands now, and takes it out of the inbox when the server has agreed. Refused again it
 * stays: the server's inbox has one row for the same attempt, which must not be dismissed while the answer is on its way.
 * @returns undefined where it makes no sense: refused for good, only part of it is here, or nobody is there to judge it
 */
export function useRepeat(
  { desk }: Clinic,
  change: RejectedChange,
  subject: Omit<HandledEntry, 'id' | 'way' | 'at' | 'day'>,
): (() => void) | undefined {
  const { t } = useTranslation()
  const { database, sync } = useLocalDb()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const repeatable = rowToRepeat(change)
  const whenSent = useWhenSent(repeatable?.name ?? 'appointments')
  const isBusy = useRef(false)
  if (!repeatable || !isOnline) return undefined
  const { name, row } = repeatable
  const repeat = async (): Promise<void> => {
    const write = await prepareAgain(database, name, row)
    if (!write) return showProblem(t('inbox.parked-superseded'))
    await write()
    await whenSent(change.documentId)
    if (sync.getUnsent(name).has(change.documentId)) return
    const now = (await database[name].findOne(change.documentId).exec())?.toJSON()
    if (!now || !isApplied(row, now)) return showProblem(t('inbox.again-refused'))
    await noteHandled(desk, { ...subject, id: change.id, way: 'again' })
    await dismissRejection(desk, change.id)
  }
  return () => {
    if (isBusy.current) return
    isBusy.current = true
    void repeat().finally(() => {
      isBusy.current = false
    })
  }
}

/** Whether everything that the change set stands now. */
function isApplied({ newDocumentState, assumedMasterState }: PushRow, now: object): boolean {
  const textOf = (of: object, field: string): string => canonicalText({ value: (of as Record<string, unknown>)[field] })
  const settled = new Set(['revision', 'updatedAt', '_deleted'])
  return Object.keys(newDocumentState)
    .filter((field) => !settled.has(field))
    .filter((field) => !assumedMasterState || textOf(newDocumentState, field) !== textOf(assumedMasterState, field))
    .every((field) => textOf(now, field) === textOf(newDocumentState, field))
}
