import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { HeldTime } from '#renderer/local-db/held-times.ts'
import { useHeldTimes } from '#renderer/local-db/local-db-context.tsx'
import type { HeldByOthers } from './day-stretch.ts'

/** The times that others keep, with the words for them; the same object until they change. */
export function useHeldByOthers(): HeldByOthers {
  const { t } = useTranslation()
  const times = useHeldTimes()
  return useMemo(() => ({ times, titleOf: (held) => titleOf(held, t) }), [times, t])
}

function titleOf({ heldBy, isOffer, lease }: HeldTime, t: TFunction): string {
  if (lease) return t('board.held.device', { name: heldBy, device: lease.deviceName })
  if (isOffer) return t('board.held.offered')
  return heldBy === '' ? t('board.held.online') : t('board.held.by', { name: heldBy })
}
