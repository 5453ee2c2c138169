import { Button } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReminderRuleView } from '#domain/api/notification-api.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { useFailure } from '#renderer/clinic/use-failure.ts'
import type { ApiFailure, ApiResult } from '#renderer/server-api/api-call.ts'
import { toLead } from './lead.ts'
import classes from './message-settings.module.css'
import { RuleForm } from './rule-form.tsx'
import type { RulesApi } from './settings-api.ts'

type RulesProps = { readonly clinic: Clinic; readonly api: RulesApi }

/** Which reminders are sent: added, changed, paused and taken away, and tried out without sending anything. */
export function ReminderRules({ clinic, api }: RulesProps) {
  const { t } = useTranslation()
  const words = useFailure()
  const [rules, setRules] = useState<readonly ReminderRuleView[] | null>(null)
  const [edited, setEdited] = useState<ReminderRuleView | 'new' | null>(null)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  const add = useRef<HTMLButtonElement>(null)
  // Where one goes on when what was pressed is gone.
  const goOn = () => requestAnimationFrame(() => add.current?.focus())
  const load = useCallback(async (): Promise<void> => {
    const answer = await api.listRules()
    setProblem(answer.ok ? null : answer)
    if (answer.ok) setRules(answer.value.rules)
  }, [api])
  useEffect(() => void load(), [load])
  const after = async (answer: ApiResult<unknown>): Promise<void> => {
    await load()
    if (!answer.ok) setProblem(answer)
  }
  const close = (): void => {
    setEdited(null)
    void load()
    goOn()
  }
  if (edited !== null)
    return <RuleForm clinic={clinic} api={api} rule={edited === 'new' ? null : edited} onClose={close} />
  return (
    <section aria-label={t('messages.rules.title')}>
      <div className={classes.bar}>
        <p className={classes.about}>{t('messages.rules.about')}</p>
        <Button ref={add} variant="filled" onClick={() => setEdited('new')}>
          {t('messages.rules.add')}
        </Button>
      </div>
      <div role="alert">{problem && <p className={classes.problem}>{words(problem)}</p>}</div>
      <ul className={classes.entries}>
        {rules?.map((rule) => (
          <Rule
            key={rule.id}
            clinic={clinic}
            rule={rule}
            onEdit={() => setEdited(rule)}
            onPause={() => void api.editRule(rule, { isActive: !rule.isActive }).then(after)}
            onRemove={() => void api.removeRule(rule.id).then(after).then(goOn)}
          />
        ))}
      </ul>
      {rules?.length === 0 && <p className={classes.quiet}>{t('messages.rules.none')}</p>}
    </section>
  )
}

type RuleProps = {
  readonly clinic: Clinic
  readonly rule: ReminderRuleView
  readonly onEdit: () => void
  readonly onPause: () => void
  readonly onRemove: () => void
}

function Rule({ clinic, rule, onEdit, onPause, onRemove }: RuleProps) {
  const { t } = useTranslation()
  const [isAsking, setIsAsking] = useState(false)
  const { name, leadMinutes, channel, typeIds, isActive } = rule
  const remove = useRef<HTMLButtonElement>(null)
  const keep = (): void => {
    setIsAsking(false)
    requestAnimationFrame(() => remove.current?.focus())
  }
  const { count, unit } = toLead(leadMinutes)
  const types = typeIds.map((id) => clinic.typeOf(id)?.name ?? '…').join(', ')
  return (
    <li data-paused={!isActive || undefined}>
      <div>
        <h3>
          <bdi>{name}</bdi>
          {!isActive && <span className={classes.quiet}> · {t('messages.rules.paused')}</span>}
        </h3>
        <p className={classes.quiet}>
          {t(`messages.rules.before-${unit}`, { count })} · {t(`told.channels.${channel}`)} ·{' '}
          <bdi>{types || t('messages.rules.all-types')}</bdi>
        </p>
      </div>
      {isAsking ? (
        <div className={classes.steps}>
          <span>{t('messages.rules.sure')}</span>
          <Button autoFocus onClick={keep}>
            {t('messages.rules.keep')}
          </Button>
          <Button variant="filled" color="danger" onClick={onRemove}>
            {t('messages.rules.remove-now')}
          </Button>
        </div>
      ) : (
        <div className={classes.steps}>
          <Button onClick={onEdit} aria-label={`${t('messages.rules.edit')}: ${name}`}>
            {t('messages.rules.edit')}
          </Button>
          <Button variant="subtle" onClick={onPause}>
            {t(isActive ? 'messages.rules.pause' : 'messages.rules.go-on')}
          </Button>
          <Button ref={remove} variant="subtle" color="danger" onClick={() => setIsAsking(true)}>
            {t('messages.rules.remove')}
          </Button>
        </div>
      )}
    </li>
  )
}
