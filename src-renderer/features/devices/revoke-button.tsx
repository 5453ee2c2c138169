import { Button, Modal, Radio, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import list from '#renderer/ui/parts/settings-list.module.css'

type RevokeProps = {
  /** What the device is called. */
  readonly title: string
  /** Changes that waited on it when it was last heard of; 0 says nothing. */
  readonly unsentCount: number
  readonly onRevoke: (isWipedNow: boolean) => void
}

/** Takes a device's access away, once it is said what becomes of its unsent changes. */
export function RevokeButton({ title, unsentCount, onRevoke }: RevokeProps) {
  const { t } = useTranslation()
  const [isAsking, setIsAsking] = useState(false)
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        color="danger"
        aria-label={`${t('settings.devices.revoke')}: ${title}`}
        onClick={() => setIsAsking(true)}
      >
        {t('settings.devices.revoke')}
      </Button>
      {isAsking && (
        <RevokeDialog
          title={title}
          unsentCount={unsentCount}
          onRevoke={(isWipedNow) => {
            setIsAsking(false)
            onRevoke(isWipedNow)
          }}
          onClose={() => setIsAsking(false)}
        />
      )}
    </>
  )
}

function RevokeDialog({ title, unsentCount, onRevoke, onClose }: RevokeProps & { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [way, setWay] = useState('hand-in')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onRevoke(way === 'wipe')
  }
  return (
    <Modal opened onClose={onClose} title={title} size="30rem" closeButtonProps={{ 'aria-label': t('panel.close') }}>
      <form onSubmit={submit}>
        <Stack>
          <p>
            {unsentCount > 0 ? t('settings.devices.sure-unsent', { count: unsentCount }) : t('settings.devices.sure')}
          </p>
          <Radio.Group label={t('settings.devices.what-of-unsent')} value={way} onChange={setWay}>
            <Stack gap="xs" mt="xs">
              <Radio
                value="hand-in"
                label={t('settings.devices.hand-in')}
                description={t('settings.devices.hand-in-about')}
              />
              <Radio value="wipe" label={t('settings.devices.wipe')} description={t('settings.devices.wipe-about')} />
            </Stack>
          </Radio.Group>
          <span className={list.steps}>
            <Button onClick={onClose}>{t('settings.people.keep')}</Button>
            <Button type="submit" variant="filled" color="danger">
              {t('settings.devices.revoke-now')}
            </Button>
          </span>
        </Stack>
      </form>
    </Modal>
  )
}
