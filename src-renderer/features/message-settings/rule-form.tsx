import { Button, MultiSelect, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DryRun, ReminderRuleBody, ReminderRuleView } from '#domain/api/notification-api.ts'
import { CHANNELS, type Channel } from '#domain/message/message-kinds.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure } from '#renderer/server-api/api-call.ts'
import { DryRunResult } from './dry-run-result.tsx'
import { LEAD_UNITS, type Lead, type LeadUnit, minutesOf, toLead } from './lead.ts'
import classes from './message-settings.module.css'
import type { RulesApi } from './settings-api.ts'

type FormProps = {
  readonly clinic: Clinic
  readonly api: RulesApi
  /** Null for a new one. */
  readonly rule: ReminderRuleView | null
  readonly onClose: () => void
}

const DAY_MINUTES = 24 * 60
const FIRST: ReminderRuleBody = {
  name: '',
  leadMinutes: DAY_MINUTES,
  channel: 'email',
  typeIds: [],
  window: { from: '08:00', until: '20:00' },
  isActive: true,
  minimumNoticeMinutes: 120,
}

function bodyOf({ name, leadMinutes, channel, typeIds, window, isActive, minimumNoticeMinutes }: ReminderRuleView) {
  return { name, leadMinutes, channel, typeIds, window, isActive, minimumNoticeMinutes }
}

/** One reminder rule. Trying it out shows what it would send for the visits ahead, and sends nothing. */
export function RuleForm({ clinic, api, rule, onClose }: FormProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const [body, setBody] = useState<ReminderRuleBody>(rule ? bodyOf(rule) : FIRST)
  const [result, setResult] = useState<DryRun | null>(null)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const change = (part: Partial<ReminderRuleBody>): void => {
    setBody({ ...body, ...part })
    setResult(null)
    setProblem(null)
  }
  const tryOut = async (): Promise<void> => {
    // A rule may be tried before it has a name.
    const answer = await api.tryRule({ ...body, name: body.name || t('messages.rules.new') })
    setProblem(answer.ok ? null : answer)
    if (answer.ok) setResult(answer.value)
  }
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const answer = await (rule ? api.editRule(rule, body) : api.addRule(body))
    if (answer.ok) onClose()
    else setProblem(answer)
  }
  return (
    <form className={classes.form} onSubmit={(event) => void save(event)}>
      <h2>{t(rule ? 'messages.rules.edit-title' : 'messages.rules.new')}</h2>
      <Fields clinic={clinic} body={body} onChange={change} />
      <div role="alert">{problem && <p className={classes.problem}>{words(problem)}</p>}</div>
      <div className={classes.steps}>
        <Button type="submit" variant="filled">
          {t('messages.rules.save')}
        </Button>
        <Button onClick={() => void tryOut()}>{t('messages.rules.try')}</Button>
        <Button variant="subtle" onClick={onClose}>
          {t('messages.rules.back')}
        </Button>
      </div>
      <div role="status">{result && <DryRunResult result={result} />}</div>
    </form>
  )
}

type FieldsProps = {
  readonly clinic: Clinic
  readonly body: ReminderRuleBody
  readonly onChange: (part: Partial<ReminderRuleBody>) => void
}

function Fields({ clinic, body, onChange }: FieldsProps) {
  const { t } = useTranslation()
  return (
    <>
      <TextInput
        label={t('messages.rules.name')}
        required
        maxLength={120}
        autoFocus
        value={body.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <LeadField
        label={t('messages.rules.lead')}
        minutes={body.leadMinutes}
        least={1}
        onMinutes={(leadMinutes) => onChange({ leadMinutes })}
      />
      <Select
        label={t('messages.rules.channel')}
        data={CHANNELS.map((value) => ({ value, label: t(`told.channels.${value}`) }))}
        value={body.channel}
        onChange={(channel) => onChange({ channel: channel as Channel })}
      />
      <MultiSelect
        label={t('messages.rules.types')}
        placeholder={body.typeIds.length === 0 ? t('messages.rules.all-types') : ''}
        data={clinic.types.map(({ id, name }) => ({ value: id as string, label: name }))}
        value={body.typeIds as string[]}
        onChange={(typeIds) => onChange({ typeIds: typeIds as ReminderRuleBody['typeIds'] })}
      />
      <div className={classes.pair}>
        {(['from', 'until'] as const).map((end) => (
          <TextInput
            key={end}
            type="time"
            required
            label={t(`messages.rules.${end}`)}
            value={body.window[end]}
            onChange={(event) => onChange({ window: { ...body.window, [end]: event.currentTarget.value } })}
          />
        ))}
      </div>
      <p className={classes.quiet}>{t('messages.rules.window-about')}</p>
      <LeadField
        label={t('messages.rules.notice')}
        minutes={body.minimumNoticeMinutes}
        least={0}
        onMinutes={(minimumNoticeMinutes) => onChange({ minimumNoticeMinutes })}
      />
      <p className={classes.quiet}>{t('messages.rules.notice-about')}</p>
    </>
  )
}

type LeadProps = {
  readonly label: string
  readonly minutes: number
  readonly least: number
  readonly onMinutes: (minutes: number) => void
}

/** A number and its unit. The unit is kept while it is typed, so that 60 minutes do not turn into an hour under the hands. */
function LeadField({ label, minutes, least, onMinutes }: LeadProps) {
  const { t } = useTranslation()
  const [lead, setLead] = useState<Lead>(toLead(minutes))
  const [text, setText] = useState(String(lead.count))
  const change = (next: Lead): void => {
    setLead(next)
    onMinutes(minutesOf(next))
  }
  return (
    <div className={classes.pair}>
      <TextInput
        type="number"
        required
        min={least}
        step={1}
        label={label}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value)
          if (/^\d{1,5}$/.test(value)) change({ ...lead, count: Number(value) })
        }}
      />
      <Select
        aria-label={t('messages.rules.unit', { field: label })}
        data={LEAD_UNITS.map((value) => ({ value, label: t(`messages.rules.${value}`) }))}
        value={lead.unit}
        onChange={(unit) => change({ ...lead, unit: unit as LeadUnit })}
      />
    </div>
  )
}
