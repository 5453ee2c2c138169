import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClinicDevice } from '#domain/api/user-schemas.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { ServerWords } from '#renderer/clinic/server-words.tsx'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { type Identification, identify } from '#renderer/server-api/identify.ts'
import type { PeopleApi } from '#renderer/server-api/people-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { useLoaded } from '#renderer/server-api/use-loaded.ts'
import list from '#renderer/ui/parts/settings-list.module.css'
import { HandedIn } from './handed-in.tsx'
import { RevokeButton } from './revoke-button.tsx'

/** The machines people have signed in on; a lost one is shut out here. */
export function DeviceSection({ api, server }: { readonly api: PeopleApi; readonly server: Pick<ServerApi, 'call'> }) {
  const { t } = useTranslation()
  const words = useFailure()
  const { value, problem, reload } = useLoaded(useCallback(() => api.listDevices(), [api]))
  const [refused, setRefused] = useState<ApiFailure | null>(null)
  const revoke = async ({ id }: ClinicDevice, isWipedNow: boolean): Promise<void> => {
    const answer = await api.revokeDevice(id, isWipedNow)
    setRefused(answer.ok ? null : answer)
    await reload()
  }
  const why = refused ?? problem
  const devices = value?.devices ?? []
  return (
    <>
      <div className={list.bar}>
        <p className={list.about}>{t('settings.devices.about')}</p>
      </div>
      <OwnWords server={server} />
      <div role="alert">{why && <p className={list.problem}>{words(why)}</p>}</div>
      {value && devices.length === 0 && <p className={list.quiet}>{t('settings.devices.none')}</p>}
      {devices.length > 0 && (
        <table className={list.table}>
          <thead>
            <tr>
              <th scope="col">{t('settings.devices.device')}</th>
              <th scope="col">{t('settings.devices.user')}</th>
              <th scope="col">{t('settings.devices.contact')}</th>
              <th scope="col">{t('settings.devices.unsent')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('settings.steps')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {devices.map((device) => (
              <Row key={device.id} device={device} onRevoke={(isWipedNow) => void revoke(device, isWipedNow)} />
            ))}
          </tbody>
        </table>
      )}
      <HandedIn api={api} />
    </>
  )
}

/** What a new computer has to show when it connects, so that it is this server and no other. */
function OwnWords({ server }: { readonly server: Pick<ServerApi, 'call'> }) {
  const { t } = useTranslation()
  const [known, setKnown] = useState<Identification | null>(null)
  useEffect(() => {
    let isCurrent = true
    void identify(server).then((answer) => {
      if (isCurrent) setKnown(answer)
    })
    return () => {
      isCurrent = false
    }
  }, [server])
  if (!known?.ok) return null
  return (
    <>
      <p>{t('settings.devices.words')}</p>
      <ServerWords words={known.server.words} />
    </>
  )
}

function Row({
  device,
  onRevoke,
}: {
  readonly device: ClinicDevice
  readonly onRevoke: (isWipedNow: boolean) => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const { name, lastUserName, lastSeenAt, unsentCount, revokedAt } = device
  const title = name || t('settings.people.unnamed-device')
  return (
    <tr data-off={revokedAt !== null || undefined}>
      <th scope="row">
        <bdi>{title}</bdi>
      </th>
      <td>
        <bdi>{lastUserName}</bdi>
      </td>
      <td>{format.moment(lastSeenAt)}</td>
      <td>{unsentCount}</td>
      <td data-steps>
        {revokedAt === null ? (
          <RevokeButton title={title} unsentCount={unsentCount} onRevoke={onRevoke} />
        ) : (
          t('settings.devices.revoked', { time: format.moment(revokedAt) })
        )}
      </td>
    </tr>
  )
}
