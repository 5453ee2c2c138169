import { useTranslation } from 'react-i18next'
import type { Instant } from '#domain/time/instant.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { clockOf, useSecondsUntil } from '#renderer/clinic/use-seconds-until.ts'
import classes from './booking-panel.module.css'
import type { HoldState } from './hold-keeper.ts'

type HoldLineProps = { readonly clinic: Clinic; readonly hold: HoldState }

/** How long the chosen time is still kept, or why it is not. */
export function HoldLine({ clinic, hold }: HoldLineProps) {
  const { t } = useTranslation()
  if (hold.kind === 'none') return null
  if (hold.kind === 'held') return <Countdown clinic={clinic} until={hold.until} />
  return (
    <p className={classes.offline} role="alert">
      {refusalSentence(t, hold.code)}
    </p>
  )
}

function Countdown({ clinic, until }: { readonly clinic: Clinic; readonly until: Instant }) {
  const { t } = useTranslation()
  const left = useSecondsUntil(until, clinic.desk.now)
  return (
    <p className={classes.held} role="timer">
      {left === 0 ? t('book.hold-over') : t('book.held', { time: clockOf(left) })}
    </p>
  )
}
