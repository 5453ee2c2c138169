import { Button, Modal } from '@mantine/core'
import { type FormEvent, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preference } from '#domain/api/notification-api.ts'
import { PreferenceFields } from '#renderer/clinic/preference-fields.tsx'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { createMessageApi } from '#renderer/server-api/message-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import classes from './preferences-dialog.module.css'

type DialogProps = { readonly api: Pick<ServerApi, 'call'>; readonly onClose: () => void }

/** On which ways one wants to be told, and in which language. */
export function PreferencesDialog({ api, onClose }: DialogProps) {
  const { t } = useTranslation()
  const messages = useMemo(() => createMessageApi(api), [api])
  const [wishes, setWishes] = useState<Preference | null>(null)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  useEffect(() => {
    void messages.preferences().then((answer) => {
      if (answer.ok) setWishes(answer.value.preferences)
      else setProblem(answer)
    })
  }, [messages])
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!wishes) return
    const answer = await messages.setPreferences(wishes)
    if (answer.ok) onClose()
    else setProblem(answer)
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('notifications.preferences.title')}
      size="26rem"
      closeButtonProps={{ 'aria-label': t('panel.close') }}
    >
      <form className={classes.form} onSubmit={(event) => void save(event)}>
        {wishes && <PreferenceFields wishes={wishes} onWishes={setWishes} />}
        <div role="alert">
          {problem && (
            <p className={classes.problem}>
              {problem.kind === 'offline' ? t('notifications.preferences.offline') : problem.message}
            </p>
          )}
        </div>
        <div className={classes.buttons}>
          <Button onClick={onClose}>{t('notifications.preferences.keep')}</Button>
          <Button type="submit" variant="filled" disabled={!wishes}>
            {t('notifications.preferences.save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
