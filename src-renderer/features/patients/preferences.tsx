import { Button } from '@mantine/core'
import { type FormEvent, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preference } from '#domain/api/notification-api.ts'
import type { PatientId } from '#domain/ids.ts'
import { PreferenceFields } from '#renderer/clinic/preference-fields.tsx'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { createPatientCalls } from '#renderer/server-api/patient-calls.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import classes from './patients.module.css'

type PreferencesProps = {
  readonly api: Pick<ServerApi, 'call'>
  readonly patientId: PatientId
  readonly isReadOnly: boolean
}

/** On which ways the person wants to be told; kept by the server alone. */
export function Preferences({ api, patientId, isReadOnly }: PreferencesProps) {
  const { t } = useTranslation()
  const calls = useMemo(() => createPatientCalls(api), [api])
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const [saved, setSaved] = useState<Preference | null>(null)
  const [wishes, setWishes] = useState<Preference | null>(null)
  const [problem, setProblem] = useState('')
  useEffect(() => {
    let isCurrent = true
    if (!isOnline) return
    void calls.preferences(patientId).then((answer) => {
      if (!isCurrent || !answer.ok) return
      setSaved(answer.value.preferences)
      setWishes(answer.value.preferences)
    })
    return () => {
      isCurrent = false
    }
  }, [calls, patientId, isOnline])
  const isChanged = JSON.stringify(saved) !== JSON.stringify(wishes)
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!wishes) return
    const answer = await calls.setPreferences(patientId, wishes)
    if (answer.ok) setSaved(answer.value.preferences)
    setProblem(answer.ok ? '' : answer.kind === 'offline' ? t('notifications.preferences.offline') : answer.message)
  }
  return (
    <form className={classes.section} onSubmit={(event) => void save(event)} aria-labelledby="patients-messages">
      <h3 id="patients-messages">{t('patients.messages')}</h3>
      {!isOnline && <p className={classes.quiet}>{t('notifications.preferences.offline')}</p>}
      {isOnline && wishes && (
        <fieldset className={classes.plain} disabled={isReadOnly} aria-labelledby="patients-messages">
          <PreferenceFields wishes={wishes} onWishes={setWishes} />
          {!isReadOnly && (
            <div className={classes.buttons}>
              <Button type="submit" disabled={!isChanged}>
                {t('patients.save')}
              </Button>
            </div>
          )}
        </fieldset>
      )}
      <div role="alert">{problem && <p className={classes.problem}>{problem}</p>}</div>
    </form>
  )
}
