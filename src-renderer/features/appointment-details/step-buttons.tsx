import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { StepName } from '#renderer/clinic/next-steps.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import classes from './appointment-details.module.css'
import type { DetailsProps } from './details-props.ts'

/** The keys of the steps while the board has the focus, as the command list has them. */
const KEYS: Record<StepName, string> = { confirm: 'c', arrived: 'a', 'in-room': 'r', done: 'd', 'no-show': 'n' }

/** What can be done with the visit now: the usual next step filled, the others beside it. */
export function StepButtons({ appointment, steps, ...props }: DetailsProps) {
  const { t } = useTranslation()
  const { steps: offered, canMove, canCancel, undo } = steps.stepsOf(appointment)
  const isUnplaced = appointment.status === 'unplaced'
  return (
    <div className={classes.steps}>
      {isUnplaced && (
        <Button variant="filled" onClick={props.onReview}>
          {t('details.review')}
        </Button>
      )}
      {offered.map((step, index) => (
        <Button
          key={step}
          variant={index === 0 ? 'filled' : 'default'}
          rightSection={<KeyHint keys={KEYS[step]} />}
          onClick={() => void steps.take(appointment, step)}
        >
          {t(`step.${step}`)}
        </Button>
      ))}
      {canMove && (
        <Button rightSection={<KeyHint keys="m" />} onClick={props.onMove}>
          {t('step.move')}
        </Button>
      )}
      {canCancel && (
        <Button rightSection={<KeyHint keys="x" />} onClick={props.onCancel}>
          {t('step.cancel')}
        </Button>
      )}
      {undo && (
        <Button rightSection={<KeyHint keys="u" />} onClick={() => void steps.takeBack(appointment)}>
          {t(
            `step.undo-${appointment.status === 'arrived' && undo.isFromRoom ? 'in-room' : undoWord(appointment.status)}`,
          )}
        </Button>
      )}
      <Button variant="subtle" onClick={props.onBookAgain}>
        {t('step.book-again')}
      </Button>
    </div>
  )
}

type UndoWord = 'arrived' | 'done' | 'no-show' | 'cancel'

function undoWord(status: DetailsProps['appointment']['status']): UndoWord {
  if (status === 'fulfilled') return 'done'
  if (status === 'noshow') return 'no-show'
  return status === 'cancelled' ? 'cancel' : 'arrived'
}
