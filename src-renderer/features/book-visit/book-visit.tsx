import { Button } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentView } from '#domain/api/appointment-api.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { BookProps } from './book-props.ts'
import classes from './book-visit.module.css'
import { CheckStep } from './check-step.tsx'
import { DoctorStep } from './doctor-step.tsx'
import { DoneStep } from './done-step.tsx'
import { type Draft, draftOf, stepBack, stepOf } from './draft.ts'
import { PatientStep } from './patient-step.tsx'
import { ReasonStep } from './reason-step.tsx'
import { TimeStep } from './time-step.tsx'

/** A patient books, or gives a visit another time: one decision per step, and nothing stands before the last one. */
export function BookVisit(props: BookProps) {
  const { clinic, start, phone } = props
  const { t } = useTranslation()
  const [first] = useState(() => draftOf(start, clinic.subject.patientIds))
  const [draft, setDraft] = useState<Draft>(first)
  const [booked, setBooked] = useState<AppointmentView | null>(null)
  const [lost, setLost] = useState<string | null>(null)
  const isOffline = useSyncStatus().connection.phase === 'offline'
  if (booked) return <DoneStep {...props} visit={booked} />
  const step = stepOf(draft)
  const back = stepBack(draft, first)
  const decide = (changes: Partial<Draft>): void => {
    setLost(null)
    setDraft((before) => ({ ...before, ...changes }))
  }
  return (
    <div className={classes.page}>
      <Head
        step={step}
        title={t(`book-visit.${start.moving && step === 'time' ? 'move' : step}`)}
        onBack={back ? () => decide(back) : props.onLeave}
      />
      {isOffline && (
        <p className={classes.offline} role="status">
          {t('book-visit.offline')} {phone !== '' && t('book-visit.call', { phone })}
        </p>
      )}
      <div role="alert" className={classes.alert}>
        {lost && <p className={classes.lost}>{lost}</p>}
      </div>
      {step === 'patient' && <PatientStep clinic={clinic} onPick={(patientId) => decide({ patientId })} />}
      {step === 'reason' && <ReasonStep clinic={clinic} onPick={(typeId) => decide({ typeId })} />}
      {step === 'doctor' && (
        <DoctorStep {...props} draft={draft} isOffline={isOffline} onPick={(doctorId) => decide({ doctorId })} />
      )}
      {step === 'time' && !isOffline && <TimeStep {...props} draft={draft} onPick={(slot) => decide({ slot })} />}
      {step === 'check' && (
        <CheckStep
          {...props}
          draft={draft}
          isOffline={isOffline}
          onBooked={setBooked}
          onLost={(why) => {
            setDraft({ ...draft, slot: null })
            setLost(why)
          }}
        />
      )}
    </div>
  )
}

type HeadProps = { readonly step: string; readonly title: string; readonly onBack: () => void }

/** The question of the step. It takes the focus when it changes, so that it is read out and the keyboard goes on from there. */
function Head({ step, title, onBack }: HeadProps) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is another question
  useEffect(() => heading.current?.focus(), [step])
  return (
    <header className={classes.head}>
      <Button
        variant="subtle"
        className={classes.back}
        leftSection={<IconChevronLeft size={18} className={classes.arrow} aria-hidden />}
        onClick={onBack}
      >
        {t('book-visit.back')}
      </Button>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
    </header>
  )
}
