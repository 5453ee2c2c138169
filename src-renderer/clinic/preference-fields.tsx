import { Checkbox, Select } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preference } from '#domain/api/notification-api.ts'
import { MESSAGE_LANGUAGES } from '#domain/clinic/policies.ts'
import classes from './preference-fields.module.css'

const CHANNELS = ['email', 'sms', 'app'] as const

type FieldsProps = { readonly wishes: Preference; readonly onWishes: (wishes: Preference) => void }

/** On which ways somebody wants to be told, and in which language. */
export function PreferenceFields({ wishes, onWishes }: FieldsProps) {
  const { t, i18n } = useTranslation()
  const names = useMemo(() => new Intl.DisplayNames([i18n.language], { type: 'language' }), [i18n.language])
  return (
    <>
      <fieldset className={classes.group}>
        <legend>{t('notifications.preferences.channels')}</legend>
        {CHANNELS.map((channel) => (
          <Checkbox
            key={channel}
            size="xs"
            checked={wishes[channel]}
            onChange={(event) => onWishes({ ...wishes, [channel]: event.currentTarget.checked })}
            label={t(`notifications.preferences.${channel}`)}
          />
        ))}
      </fieldset>
      <Checkbox
        size="xs"
        checked={wishes.reminders}
        onChange={(event) => onWishes({ ...wishes, reminders: event.currentTarget.checked })}
        label={t('notifications.preferences.reminders')}
        description={t('notifications.preferences.reminders-about')}
      />
      <Select
        label={t('notifications.preferences.language')}
        data={['' as const, ...MESSAGE_LANGUAGES].map((value) => ({
          value,
          label: value === '' ? t('notifications.preferences.language-clinic') : (names.of(value) ?? value),
        }))}
        value={wishes.language}
        onChange={(value) => onWishes({ ...wishes, language: value as Preference['language'] })}
      />
    </>
  )
}
