import { Button, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type Ref, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TemplatePreview, TemplateView } from '#domain/api/notification-api.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import { wordOf } from '#renderer/clinic/word-of.ts'
import type { ApiFailure, ApiResult } from '#renderer/server-api/api-call.ts'
import classes from './message-settings.module.css'
import type { TemplatesApi } from './settings-api.ts'
import { usePreview } from './use-preview.ts'

type FormProps = {
  readonly api: TemplatesApi
  readonly template: TemplateView
  readonly onChanged: (isChanged: boolean) => void
  readonly onSaved: () => Promise<void>
}

/** The words of one message, how they would look, and beside each field what is wrong with it. */
export function TemplateForm({ api, template, onChanged, onSaved }: FormProps) {
  const { t } = useTranslation()
  const failure = useFailure()
  const [words, setWords] = useState({ subject: template.subject, body: template.body })
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const text = useRef<HTMLTextAreaElement>(null)
  useEffect(() => setWords({ subject: template.subject, body: template.body }), [template.subject, template.body])
  const preview = usePreview(api, template, words)
  const isChanged = words.subject !== template.subject || words.body !== template.body
  useEffect(() => {
    onChanged(isChanged)
    return () => onChanged(false)
  }, [isChanged, onChanged])
  const { kind, channel, language } = template
  const which = { kind, channel, language }
  const settle = async (answer: ApiResult<unknown>): Promise<void> => {
    setProblem(answer.ok ? null : answer)
    if (!answer.ok) return
    await onSaved()
    // The button that was pressed is disabled or gone now.
    text.current?.focus()
  }
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await settle(await api.putTemplate(which, words))
  }
  const reset = async (): Promise<void> => settle(await api.resetTemplate(which))
  return (
    <div className={classes.sides}>
      <form className={classes.form} onSubmit={(event) => void save(event)}>
        <Fields template={template} words={words} preview={preview} textRef={text} onWords={setWords} />
        <div role="alert">{problem && <p className={classes.problem}>{failure(problem)}</p>}</div>
        <div className={classes.steps}>
          <Button type="submit" variant="filled" disabled={!isChanged || (preview?.problems.length ?? 0) > 0}>
            {t('messages.words.save')}
          </Button>
          <Button disabled={!isChanged} onClick={() => setWords({ subject: template.subject, body: template.body })}>
            {t('messages.words.leave')}
          </Button>
          {template.isOwn && (
            <Button variant="subtle" onClick={() => void reset()}>
              {t('messages.words.reset')}
            </Button>
          )}
        </div>
      </form>
      <Preview preview={preview} hasSubject={channel !== 'sms'} />
    </div>
  )
}

type Words = { readonly subject: string; readonly body: string }
type FieldsProps = {
  readonly template: TemplateView
  readonly words: Words
  readonly preview: TemplatePreview | null
  readonly textRef: Ref<HTMLTextAreaElement>
  readonly onWords: (words: Words) => void
}

function Fields({ template, words, preview, textRef, onWords }: FieldsProps) {
  const { t, i18n } = useTranslation()
  const errorsOf = (field: 'subject' | 'body') => {
    const sentences = (preview?.problems ?? [])
      .filter((problem) => problem.field === field)
      .map(({ rule, variable }) =>
        wordOf(i18n, 'messages.words.problems', rule).replace('{variable}', `{{${variable}}}`),
      )
    return sentences.length > 0 ? sentences.join(' ') : undefined
  }
  return (
    <>
      {template.channel !== 'sms' && (
        <TextInput
          label={t('messages.words.subject')}
          maxLength={150}
          dir="auto"
          value={words.subject}
          error={errorsOf('subject')}
          onChange={(event) => onWords({ ...words, subject: event.currentTarget.value })}
        />
      )}
      <Textarea
        ref={textRef}
        label={t('messages.words.body')}
        autosize
        minRows={6}
        maxRows={22}
        maxLength={5_000}
        dir="auto"
        value={words.body}
        error={errorsOf('body')}
        onChange={(event) => onWords({ ...words, body: event.currentTarget.value })}
      />
      <p className={classes.quiet}>
        {t('messages.words.variables')} <bdi>{template.variables.map((name) => `{{${name}}}`).join(' ')}</bdi>
      </p>
    </>
  )
}

type PreviewProps = { readonly preview: TemplatePreview | null; readonly hasSubject: boolean }

function Preview({ preview, hasSubject }: PreviewProps) {
  const { t } = useTranslation()
  return (
    <section className={classes.preview} aria-label={t('messages.words.preview')}>
      <h3 className={classes.previewTitle}>{t('messages.words.preview')}</h3>
      {preview && (
        <>
          {hasSubject && (
            <p className={classes.previewSubject} dir="auto">
              {preview.subject}
            </p>
          )}
          <p className={classes.previewBody} dir="auto">
            {preview.body}
          </p>
          {preview.segments > 0 && (
            <p className={classes.quiet}>{t('messages.words.segments', { count: preview.segments })}</p>
          )}
        </>
      )}
    </section>
  )
}
