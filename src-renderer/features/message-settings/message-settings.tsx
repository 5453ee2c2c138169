import { Tabs } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { createMessageApi } from '#renderer/server-api/message-api.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { ReminderRules } from './reminder-rules.tsx'
import { TemplateEditor } from './template-editor.tsx'

type SettingsProps = { readonly clinic: Clinic; readonly api: Pick<ServerApi, 'call'> }

/** What the clinic says to people: which reminders are sent, and in which words. */
export function MessageSettings({ clinic, api }: SettingsProps) {
  const { t } = useTranslation()
  const messages = useMemo(() => createMessageApi(api), [api])
  return (
    <div>
      <Tabs defaultValue="rules" keepMounted={false}>
        <Tabs.List aria-label={t('messages.parts')}>
          <Tabs.Tab value="rules">{t('messages.rules.title')}</Tabs.Tab>
          <Tabs.Tab value="words">{t('messages.words.title')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rules">
          <ReminderRules clinic={clinic} api={messages} />
        </Tabs.Panel>
        <Tabs.Panel value="words">
          <TemplateEditor api={messages} />
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}
