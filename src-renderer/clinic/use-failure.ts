import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'

/** One sentence for why the server did not do something, in the person's language where there is one for the reason. */
export function useFailure(): (failure: ApiFailure) => string {
  const { t, i18n } = useTranslation()
  return useCallback(
    (failure) => {
      if (failure.kind === 'offline') return t('settings.away')
      const key = `settings.refusals.${failure.code}`
      return i18n.exists(key) ? String(t(key as never)) : failure.message
    },
    [t, i18n],
  )
}
