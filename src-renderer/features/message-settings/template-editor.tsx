import { Select } from '@mantine/core'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TemplateParams, TemplateView } from '#domain/api/notification-api.ts'
import { MESSAGE_LANGUAGES } from '#domain/clinic/policies.ts'
import { CHANNELS, MESSAGE_KINDS } from '#domain/message/message-kinds.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import classes from './message-settings.module.css'
import type { TemplatesApi } from './settings-api.ts'
import { TemplateForm } from './template-form.tsx'

const FIRST: TemplateParams = { kind: 'reminder', channel: 'email', language: 'en' }

/** The words of every message, by what it tells, on which way and in which language. */
export function TemplateEditor({ api }: { readonly api: TemplatesApi }) {
  const { t } = useTranslation()
  const words = useFailure()
  const [templates, setTemplates] = useState<readonly TemplateView[]>([])
  const [which, setWhich] = useState(FIRST)
  const [isChanged, setIsChanged] = useState(false)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const load = useCallback(async (): Promise<void> => {
    const answer = await api.listTemplates()
    setProblem(answer.ok ? null : answer)
    if (answer.ok) setTemplates(answer.value.templates)
  }, [api])
  useEffect(() => void load(), [load])
  const template = templates.find(
    ({ kind, channel, language }) => kind === which.kind && channel === which.channel && language === which.language,
  )
  return (
    <section aria-label={t('messages.words.title')}>
      <Choice which={which} templates={templates} isDisabled={isChanged} onWhich={setWhich} />
      <div role="alert">{problem && <p className={classes.problem}>{words(problem)}</p>}</div>
      {template && (
        <TemplateForm
          key={`${template.kind} ${template.channel} ${template.language}`}
          api={api}
          template={template}
          onChanged={setIsChanged}
          onSaved={load}
        />
      )}
    </section>
  )
}

type ChoiceProps = {
  readonly which: TemplateParams
  readonly templates: readonly TemplateView[]
  /** While words are changed and not saved. */
  readonly isDisabled: boolean
  readonly onWhich: (which: TemplateParams) => void
}

function Choice({ which, templates, isDisabled, onWhich }: ChoiceProps) {
  const { t, i18n } = useTranslation()
  const languages = useMemo(() => new Intl.DisplayNames([i18n.language], { type: 'language' }), [i18n.language])
  const isOwn = (part: Partial<TemplateParams>): boolean =>
    templates.some((one) => one.isOwn && Object.entries(part).every(([name, value]) => one[name as 'kind'] === value))
  const mark = (label: string, part: Partial<TemplateParams>): string =>
    isOwn(part) ? `${label} · ${t('messages.words.own')}` : label
  return (
    <div className={classes.choice}>
      <Select
        label={t('messages.words.kind')}
        disabled={isDisabled}
        data={MESSAGE_KINDS.map((kind) => ({ value: kind, label: mark(t(`told.kinds.${kind}`), { kind }) }))}
        value={which.kind}
        onChange={(kind) => onWhich({ ...which, kind: kind as TemplateParams['kind'] })}
      />
      <Select
        label={t('messages.words.channel')}
        disabled={isDisabled}
        data={CHANNELS.map((channel) => ({
          value: channel,
          label: mark(t(`told.channels.${channel}`), { kind: which.kind, channel }),
        }))}
        value={which.channel}
        onChange={(channel) => onWhich({ ...which, channel: channel as TemplateParams['channel'] })}
      />
      <Select
        label={t('messages.words.language')}
        disabled={isDisabled}
        data={MESSAGE_LANGUAGES.map((language) => ({
          value: language,
          label: mark(languages.of(language) ?? language, { ...which, language }),
        }))}
        value={which.language}
        onChange={(language) => onWhich({ ...which, language: language as TemplateParams['language'] })}
      />
      {isDisabled && <p className={classes.quiet}>{t('messages.words.changed')}</p>}
    </div>
  )
}
