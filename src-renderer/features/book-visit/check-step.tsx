import { Button, Textarea } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentView } from '#domain/api/appointment-api.ts'
import type { SlotAnswer } from '#domain/api/slot-api.ts'
import type { AppointmentTypeId, PatientId } from '#domain/ids.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import { newId } from '#renderer/local-db/desk.ts'
import type { ApiFailure, ApiResult } from '#renderer/server-api/api-call.ts'
import { FormButtons, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import type { BookProps } from './book-props.ts'
import classes from './book-visit.module.css'
import type { Draft } from './draft.ts'
import { useHold } from './use-hold.ts'
import { VisitFacts } from './visit-facts.tsx'

type CheckProps = BookProps & {
  readonly draft: Draft
  readonly isOffline: boolean
  readonly onBooked: (visit: AppointmentView) => void
  /** The time cannot be had: another one has to be chosen. */
  readonly onLost: (why: string) => void
}

/** Somebody else has the time, or what it needs. */
const TAKEN: ReadonlySet<string> = new Set([
  'slot-taken',
  'held',
  'group-full',
  'room-taken',
  'equipment-taken',
  'in-the-past',
  'too-soon',
  'outside-hours',
])

/** All that was decided, to be looked at once more; the button makes it stand. */
export function CheckStep(props: CheckProps) {
  const { slot, patientId, typeId } = props.draft
  if (!slot || !patientId || !typeId) return null
  return <Check {...props} slot={slot} patientId={patientId} typeId={typeId} />
}

type DecidedProps = CheckProps & {
  readonly slot: SlotAnswer
  readonly patientId: PatientId
  readonly typeId: AppointmentTypeId
}

function Check(props: DecidedProps) {
  const { clinic, api, patientApi, start, slot, patientId, typeId, isOffline, onBooked, onLost } = props
  const { t } = useTranslation()
  const { moving } = start
  const { doctorId } = slot
  const held = useHold(patientApi, { doctorId, typeId, patientId, start: slot.start }, clinic.desk.now)
  const { problem: holdProblem, hold } = held
  useEffect(() => {
    if (holdProblem?.kind !== 'refused') return
    // A visit that moves stands in its own way; only the move itself can tell.
    if (TAKEN.has(holdProblem.code) || !moving) onLost(refusalSentence(t, holdProblem.code))
  }, [holdProblem, moving, onLost, t])
  const [reason, setReason] = useState('')
  const [isSending, setIsSending] = useState(false)
  const [problem, setProblem] = useState<ApiFailure | null>(null)
  // One key for this booking however often it is sent: after a lost answer the same visit comes back.
  const key = useMemo(() => newId(clinic.desk.now()), [clinic])
  const send = async (): Promise<void> => {
    setIsSending(true)
    const holdId = hold && held.secondsLeft > 0 ? { holdId: hold.id } : {}
    const answer: ApiResult<AppointmentView> = moving
      ? await api.move(moving.id, { start: slot.start, doctorId, revision: moving.revision, ...holdId })
      : await api.book({ doctorId, patientId, typeId, start: slot.start, reason: reason.trim(), ...holdId }, key)
    setIsSending(false)
    if (answer.ok) {
      held.use()
      return onBooked(answer.value)
    }
    if (answer.kind === 'refused' && TAKEN.has(answer.code)) return onLost(refusalSentence(t, answer.code))
    setProblem(answer)
  }
  const isRequest = slot.mode === 'ask' && !moving
  return (
    <StackForm onSubmit={send} label={t('book-visit.check')}>
      <VisitFacts clinic={clinic} patientId={patientId} visit={{ ...slot, typeId }} />
      {!moving && (
        <Textarea
          label={t('book-visit.why')}
          description={t('book-visit.why-about')}
          autosize
          minRows={2}
          maxLength={400}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <Kept seconds={held.secondsLeft} isThere={hold !== null} onAgain={held.again} />
      <p role="status" className={`${classes.alert} ${classes.quiet}`}>
        {isSending ? t('book-visit.sending') : isRequest && t('book-visit.is-request')}
      </p>
      <ProblemBox>{problem && sentenceOf(t, problem)}</ProblemBox>
      <FormButtons
        submit={t(moving ? 'book-visit.do-move' : isRequest ? 'book-visit.do-request' : 'book-visit.do-book')}
        isBusy={isSending}
        isOff={isOffline}
      />
    </StackForm>
  )
}

function sentenceOf(t: TFunction, problem: ApiFailure): string {
  return problem.kind === 'offline' ? t('book-visit.no-answer') : refusalSentence(t, problem.code)
}

type KeptProps = { readonly seconds: number; readonly isThere: boolean; readonly onAgain: () => void }

function Kept({ seconds, isThere, onAgain }: KeptProps) {
  const { t } = useTranslation()
  if (!isThere) return null
  if (seconds === 0) {
    return (
      <p className={classes.kept}>
        {t('book-visit.not-kept')} <Button onClick={onAgain}>{t('book-visit.keep-again')}</Button>
      </p>
    )
  }
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return <p className={classes.quiet}>{t('book-visit.kept', { left })}</p>
}
