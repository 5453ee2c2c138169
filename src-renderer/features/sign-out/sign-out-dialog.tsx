import { Button, Checkbox, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '#renderer/clinic/format.ts'
import type { UnsentChange } from '#renderer/clinic/use-unsent-changes.ts'
import { usePatientLookup, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { onlyHere } from '#renderer/local-db/sync-status.ts'
import classes from './sign-out-dialog.module.css'

type SignOutProps = {
  /** What waits to be sent and what was set aside, as far as it can be named. */
  readonly unsent: readonly UnsentChange[]
  /** Whether data is kept on this device, so that it can be asked away. */
  readonly isKept: boolean
  readonly onSignOut: (isWiped: boolean) => Promise<number>
  readonly onInbox: () => void
  readonly onClose: () => void
}

const SHOWN = 6

/** Signing out, which waits until everything is with the server. */
export function SignOutDialog({ unsent, isKept, onSignOut, onInbox, onClose }: SignOutProps) {
  const { t } = useTranslation()
  const [isWiped, setIsWiped] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const status = useSyncStatus()
  const waiting = onlyHere(status)
  const signOut = async (): Promise<void> => {
    setIsBusy(true)
    if ((await onSignOut(isWiped)) > 0) setIsBusy(false)
  }
  const title = t(waiting > 0 ? 'sign-out.waiting-title' : 'sign-out.title')
  return (
    <Modal opened onClose={onClose} title={title} size="28rem" closeButtonProps={{ 'aria-label': t('panel.close') }}>
      {waiting > 0 ? (
        <Unsent unsent={unsent} waiting={waiting} parked={status.parked} />
      ) : (
        <div className={classes.body}>
          <p>{t(isKept ? 'sign-out.kept' : 'sign-out.not-kept')}</p>
          {isKept && (
            <Checkbox
              size="xs"
              checked={isWiped}
              onChange={(event) => setIsWiped(event.currentTarget.checked)}
              label={t('sign-out.wipe')}
              description={t('sign-out.wipe-about')}
            />
          )}
        </div>
      )}
      <div className={classes.buttons}>
        <Button onClick={onClose}>{t('sign-out.stay')}</Button>
        {waiting > 0 ? (
          <Button variant="filled" onClick={onInbox}>
            {t('sign-out.inbox')}
          </Button>
        ) : (
          <Button variant="filled" loading={isBusy} onClick={() => void signOut()} data-autofocus>
            {t('sign-out.button')}
          </Button>
        )}
      </div>
    </Modal>
  )
}

type UnsentProps = { readonly unsent: readonly UnsentChange[]; readonly waiting: number; readonly parked: number }

function Unsent({ unsent, waiting, parked }: UnsentProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const lookup = usePatientLookup()
  return (
    <div className={classes.body}>
      <p>{t('sign-out.waiting', { count: waiting })}</p>
      {parked > 0 && <p>{t('sign-out.parked', { count: parked })}</p>}
      <ul className={classes.list}>
        {unsent.slice(0, SHOWN).map((change) => (
          <li key={change.id}>
            {change.kind === 'patient' ? (
              <bdi>{change.patient.name}</bdi>
            ) : (
              <>
                <bdi>{lookup(change.appointment.patientId)?.name}</bdi> ·{' '}
                <bdi>{format.moment(change.appointment.start)}</bdi>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
