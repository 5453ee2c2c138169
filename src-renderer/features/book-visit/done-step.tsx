import { Button } from '@mantine/core'
import { IconCircleCheck, IconClockQuestion } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppointmentView } from '#domain/api/appointment-api.ts'
import type { BookProps } from './book-props.ts'
import classes from './book-visit.module.css'
import { VisitFacts } from './visit-facts.tsx'

/** What came of it, in the word the clinic stands by: confirmed, or requested. */
export function DoneStep({ clinic, start, visit, onLeave, onSave }: BookProps & { readonly visit: AppointmentView }) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const isRequest = visit.status === 'pending'
  const Icon = isRequest ? IconClockQuestion : IconCircleCheck
  return (
    <div className={classes.page}>
      <h1 ref={heading} tabIndex={-1} className={classes.done} data-request={isRequest || undefined}>
        <Icon size={28} stroke={1.6} aria-hidden />
        {t(isRequest ? 'own-visits.requested' : start.moving ? 'book-visit.moved' : 'book-visit.confirmed')}
      </h1>
      <p className={classes.quiet}>{t(isRequest ? 'book-visit.requested-about' : 'book-visit.confirmed-about')}</p>
      <VisitFacts clinic={clinic} patientId={visit.patientId} visit={visit} />
      <div className={classes.buttons}>
        <Button onClick={() => onSave(visit)}>{t('own-visits.to-calendar')}</Button>
        <Button variant="filled" onClick={onLeave}>
          {t('book-visit.to-visits')}
        </Button>
      </div>
    </div>
  )
}
