import { Button } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionRow } from '#domain/api/auth-schemas.ts'
import { accountSentence } from '#renderer/clinic/account-problem.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { ProblemBox } from '#renderer/ui/parts/stack-form.tsx'
import { TitledSection } from '#renderer/ui/parts/titled-section.tsx'
import type { OwnAccountProps } from './account-props.ts'
import classes from './own-account.module.css'

/** Where one is signed in, and the way to end it there. */
export function SessionsSection({ api, isOnline }: Pick<OwnAccountProps, 'api' | 'isOnline'>) {
  const { t } = useTranslation()
  const [sessions, setSessions] = useState<readonly SessionRow[] | null>(null)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const load = useCallback(async (): Promise<void> => {
    const answer = await api.listSessions()
    setProblem(answer.ok ? null : answer)
    if (answer.ok) setSessions(answer.value)
  }, [api])
  useEffect(() => {
    if (isOnline) void load()
  }, [isOnline, load])
  const end = async (id: SessionRow['id']): Promise<void> => {
    const answer = await api.endSession(id)
    if (answer.ok) await load()
    else setProblem(answer)
  }
  return (
    <TitledSection title={t('account.sessions')} state={t('account.sessions-about')}>
      <ProblemBox>{problem && isOnline && accountSentence(t, problem)}</ProblemBox>
      <ul className={classes.sessions} aria-label={t('account.sessions')}>
        {sessions?.map((session) => (
          <Row key={session.id} session={session} isOnline={isOnline} onEnd={() => void end(session.id)} />
        ))}
      </ul>
    </TitledSection>
  )
}

type RowProps = { readonly session: SessionRow; readonly isOnline: boolean; readonly onEnd: () => void }

function Row({ session, isOnline, onEnd }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = session.deviceName || t('account.unknown-device')
  return (
    <li>
      <span className={classes.device}>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span>
          {session.isCurrent
            ? t('account.this-device')
            : t('account.last-seen', { time: format.moment(session.lastSeenAt) })}
        </span>
      </span>
      {!session.isCurrent && (
        <Button disabled={!isOnline} onClick={onEnd} aria-label={t('account.end-on', { device: name })}>
          {t('account.end')}
        </Button>
      )}
    </li>
  )
}
