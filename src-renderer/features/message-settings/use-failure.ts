import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'

/** One sentence for why the server did not do something. */
export function useFailure(): (failure: ApiFailure) => string {
  const { t } = useTranslation()
  return useCallback((failure) => (failure.kind === 'offline' ? t('messages.away') : failure.message), [t])
}
