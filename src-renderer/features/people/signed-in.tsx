import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClinicUser } from '#domain/api/user-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure, ApiResult } from '#renderer/server-api/api-call.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import { SureButton } from '#renderer/ui/parts/sure-button.tsx'
import classes from './people.module.css'

type SignedInProps = {
  readonly api: PeopleApi
  readonly user: ClinicUser
  readonly onChanged: (user: ClinicUser) => void
}

/** Where a person is signed in and with what; ended everywhere at once, or helped after a lost second factor. */
export function SignedIn({ api, user, onChanged }: SignedInProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useFailure()
  const [refused, setRefused] = useState<ApiFailure | null>(null)
  const { value, problem, reload } = useLoaded(useCallback(() => api.listSessionsOf(user.id), [api, user.id]))
  const settle = async (answer: ApiResult<unknown>): Promise<void> => {
    setRefused(answer.ok ? null : answer)
    await reload()
  }
  const removeFactor = async (): Promise<void> => {
    const answer = await api.removeFactorOf(user.id)
    await settle(answer)
    if (answer.ok) onChanged({ ...user, hasSecondFactor: false })
  }
  const sessions = value?.sessions ?? []
  const why = refused ?? problem
  return (
    <div className={classes.part}>
      <h4>{t('settings.people.signed-in')}</h4>
      <div role="alert">{why && <p className={list.problem}>{words(why)}</p>}</div>
      {value && sessions.length === 0 && <p className={list.quiet}>{t('settings.people.nowhere')}</p>}
      <ul className={classes.sessions}>
        {sessions.map(({ id, deviceName, lastSeenAt }) => (
          <li key={id}>
            <bdi>{deviceName || t('settings.people.unnamed-device')}</bdi>
            <span className={list.quiet}>{t('settings.last-seen', { time: format.moment(lastSeenAt) })}</span>
          </li>
        ))}
      </ul>
      {sessions.length > 0 && (
        <SureButton
          label={t('settings.people.sign-out')}
          question={t('settings.people.sign-out-sure')}
          yes={t('settings.people.sign-out-now')}
          no={t('settings.people.keep')}
          onYes={() => void api.endSessionsOf(user.id).then(settle)}
        />
      )}
      <h4>{t('settings.people.factor')}</h4>
      <p className={list.quiet}>
        {t(user.hasSecondFactor ? 'settings.people.has-factor' : 'settings.people.no-factor')}
      </p>
      {user.hasSecondFactor && (
        <SureButton
          label={t('settings.people.remove-factor')}
          question={t('settings.people.remove-factor-sure')}
          yes={t('settings.people.remove-factor')}
          no={t('settings.people.keep')}
          onYes={() => void removeFactor()}
        />
      )}
    </div>
  )
}
