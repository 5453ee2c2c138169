import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SetUpScreen } from '#renderer/features/first-run/set-up-screen.tsx'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { switchLanguage } from './i18n.ts'
import { takeSecret } from './take-secret.ts'

/** Where the one-time link of `npm start -- --empty` leads. */
export const SET_UP_PATH = '/set-up'

/** The screen of the one-time set-up link. */
export function FirstRun({ api }: { readonly api: Pick<ServerApi, 'setUp'> }) {
  const { t } = useTranslation()
  const [token] = useState(takeSecret)
  return (
    <SetUpScreen
      token={token}
      onSetUp={async (body) => {
        const answer = await api.setUp(body)
        if (answer.ok) return null
        if (answer.kind === 'offline') return { message: t('log-in.problems.server-needed') }
        return { message: answer.message, ...(answer.field !== undefined && { field: answer.field }) }
      }}
      onLanguage={(language) => switchLanguage(null, language)}
      onDone={() => location.replace('/')}
    />
  )
}
