import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Patient } from '#domain/people/people-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { createPatientCalls } from '#renderer/server-api/patient-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import classes from './patients.module.css'

type AccessProps = { readonly api: Pick<ServerApi, 'call'>; readonly patient: Patient }
type Said = { readonly kind: 'code' | 'sent' | 'problem'; readonly text: string; readonly more?: string }

/** How the person gets at their own visits: a code from the desk, or an invitation by e-mail. */
export function AppAccess({ api, patient }: AccessProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const calls = useMemo(() => createPatientCalls(api), [api])
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const [said, setSaid] = useState<Said | null>(null)
  const fail = (answer: ApiFailure): void =>
    setSaid({ kind: 'problem', text: answer.kind === 'offline' ? t('patients.access-offline') : answer.message })
  const makeCode = async (): Promise<void> => {
    const answer = await calls.linkCode(patient.id)
    if (!answer.ok) return fail(answer)
    const { code, expiresAt } = answer.value
    setSaid({ kind: 'code', text: code, more: t('patients.code-until', { moment: format.moment(expiresAt) }) })
  }
  const invite = async (): Promise<void> => {
    const answer = await calls.invite(patient.id, patient.email)
    if (!answer.ok) return fail(answer)
    setSaid({ kind: 'sent', text: t('patients.invited', { email: patient.email }) })
  }
  return (
    <section className={classes.section} aria-labelledby="patients-access">
      <h3 id="patients-access">{t('patients.access')}</h3>
      <p className={classes.quiet}>
        {t(!isOnline ? 'patients.access-offline' : patient.userId ? 'patients.has-account' : 'patients.no-account')}
      </p>
      {isOnline && (
        <div className={classes.actions}>
          <Button onClick={() => void makeCode()}>{t('patients.make-code')}</Button>
          {patient.email !== '' && <Button onClick={() => void invite()}>{t('patients.invite')}</Button>}
        </div>
      )}
      <div role="status">
        {said && (
          <p className={said.kind === 'problem' ? classes.problem : undefined}>
            <bdi className={said.kind === 'code' ? classes.code : undefined}>{said.text}</bdi> {said.more}
          </p>
        )}
      </div>
    </section>
  )
}
