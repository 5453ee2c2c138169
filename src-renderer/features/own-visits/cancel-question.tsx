import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { refusalSentence } from '#renderer/clinic/refusal-sentence.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { FormButtons, ProblemBox, StackForm } from '#renderer/ui/parts/stack-form.tsx'
import type { OwnVisitsProps } from './visits-props.ts'

type QuestionProps = Pick<OwnVisitsProps, 'api' | 'phone'> & {
  readonly visit: Appointment
  readonly onClose: () => void
}

/** Calls a visit off; its time is somebody else's at once, so it is asked once more. */
export function CancelQuestion({ visit, api, phone, onClose }: QuestionProps) {
  const { t } = useTranslation()
  const isOnline = useSyncStatus().connection.phase === 'ready'
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (): Promise<void> => {
    const words = reason.trim() || t('own-visits.no-reason')
    const answer = await api.cancel(visit.id, { reason: words, revision: visit.revision })
    if (answer.ok) return onClose()
    if (answer.kind === 'offline') return setProblem(t('own-visits.offline'))
    const call = answer.code === 'too-late' && phone !== '' ? `. ${t('book-visit.call', { phone })}` : ''
    setProblem(refusalSentence(t, answer.code) + call)
  }
  return (
    <StackForm onSubmit={submit} label={t('own-visits.cancel')}>
      <Textarea
        label={t('own-visits.why')}
        autosize
        minRows={2}
        maxLength={400}
        autoFocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <ProblemBox>{problem ?? (isOnline ? null : t('own-visits.offline'))}</ProblemBox>
      <FormButtons
        submit={t('own-visits.cancel')}
        isDanger
        isOff={!isOnline}
        cancel={{ label: t('own-visits.keep'), onCancel: onClose }}
      />
    </StackForm>
  )
}
