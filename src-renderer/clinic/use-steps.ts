import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import {
  checkInLocally,
  confirmLocally,
  finishLocally,
  type LocalWrite,
  markNoShowLocally,
  restoreProgressLocally,
  startLocally,
  takeBackLocally,
  takeBackStartLocally,
} from '#renderer/local-db/appointments-store.ts'
import { usePatientLookup } from '#renderer/local-db/local-db-context.tsx'
import { useWhenSent } from '#renderer/local-db/use-when-sent.ts'
import { showProblem, showUndo } from '#renderer/ui/parts/toasts.tsx'
import { type NextSteps, nextStepsOf, type StepName } from './next-steps.ts'
import { refusalSentence } from './refusal-sentence.ts'
import type { Clinic } from './use-clinic.ts'
import { useTold } from './use-told.ts'

const WRITES = {
  confirm: confirmLocally,
  arrived: checkInLocally,
  'in-room': startLocally,
  done: finishLocally,
  'no-show': markNoShowLocally,
} as const satisfies Record<StepName, unknown>

export type Steps = {
  readonly stepsOf: (visit: Appointment) => NextSteps
  /** Takes a step if the visit allows it, and offers to take it back. @returns whether it was taken */
  readonly take: (visit: Appointment, step: StepName) => Promise<boolean>
  readonly takeBack: (visit: Appointment) => Promise<boolean>
}

/** Confirm, arrived, in room, done, no-show, and their way back. */
export function useSteps(clinic: Clinic): Steps {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  const { desk, may } = clinic
  const told = useTold(clinic)
  const whenSent = useWhenSent('appointments')
  const stepsOf = useCallback(
    (visit: Appointment) => nextStepsOf(visit, { now: desk.now(), may: (permission) => may(permission, visit) }),
    [desk, may],
  )
  const report = (written: LocalWrite): boolean => {
    if (!written.ok) showProblem(refusalSentence(t, written.reason))
    return written.ok
  }
  const back = (visit: Appointment): Promise<LocalWrite> | null => {
    const { undo } = stepsOf(visit)
    if (!undo) return null
    return undo.isFromRoom ? takeBackStartLocally(desk, visit.id) : takeBackLocally(desk, visit.id, undo.to)
  }
  const take = async (visit: Appointment, step: StepName): Promise<boolean> => {
    if (!stepsOf(visit).steps.includes(step)) return false
    await whenSent(visit.id)
    const written = await WRITES[step](desk, visit.id)
    if (!report(written) || !written.ok) return false
    const name = lookup(visit.patientId)?.name ?? ''
    const undo = async (): Promise<boolean> => {
      await whenSent(visit.id)
      const { id } = visit
      return report(
        await (step === 'in-room' ? takeBackStartLocally(desk, id) : restoreProgressLocally(desk, id, visit)),
      )
    }
    const note = step === 'confirm' ? await told('confirmed', written.appointment) : ''
    showUndo(t(`undo.${step}`, { name }), t('undo.button'), undo, note)
    return true
  }
  const takeBack = async (visit: Appointment): Promise<boolean> => {
    await whenSent(visit.id)
    const writing = back(visit)
    return writing ? report(await writing) : false
  }
  return { stepsOf, take, takeBack }
}
