import { Modal } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { askedDay } from '#domain/commands/asked-day.ts'
import type { Command, CommandId } from '#domain/commands/commands.ts'
import { rank } from '#domain/commands/rank.ts'
import type { DoctorId, PatientId } from '#domain/ids.ts'
import type { LocalDay } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import { usePatientLookup, usePatientSearch } from '#renderer/local-db/local-db-context.tsx'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { ComboList, type ComboOption } from '#renderer/ui/parts/combo-list.tsx'
import classes from './find-anything.module.css'

export type FindProps = {
  /** What can be done now. */
  readonly commands: readonly Command[]
  /** Those done last from here, newest first. */
  readonly recentCommands: readonly CommandId[]
  readonly recent: readonly PatientId[]
  readonly doctors: readonly { readonly id: DoctorId; readonly name: string; readonly specialization: string }[]
  readonly today: LocalDay
  readonly onDay: (day: LocalDay) => void
  readonly onDoctor: (id: DoctorId) => void
  readonly onCommand: (id: CommandId) => void
  /** `isBooking`: taken with Ctrl and Enter, straight to a booking. */
  readonly onPatient: (id: PatientId, isBooking: boolean) => void
  readonly onClose: () => void
}

const SHOWN_PATIENTS = 7
const SHOWN_COMMANDS = 6
const SHOWN_DOCTORS = 3

/** One field for finding a patient, a doctor or a day, and for doing anything the product can do. */
export function FindAnything(props: FindProps) {
  const { onClose } = props
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const options = useOptions(text, props)
  const pick = (id: string, isWithCtrl: boolean): void => {
    onClose()
    const [kind, rest = ''] = id.split(/:(.*)/s)
    if (kind === 'patient') props.onPatient(rest as PatientId, isWithCtrl)
    else if (kind === 'day') props.onDay(rest)
    else if (kind === 'doctor') props.onDoctor(rest as DoctorId)
    else props.onCommand(rest as CommandId)
  }
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size="36rem"
      padding="xs"
      yOffset="10vh"
      centered={false}
      title={t('find.title')}
      classNames={{ header: 'visually-hidden' }}
    >
      <ComboList
        size="md"
        variant="unstyled"
        aria-label={t('find.title')}
        placeholder={t('find.hint')}
        listLabel={t('find.results')}
        value={text}
        onValue={setText}
        options={options}
        onPick={pick}
        empty={<p className={classes.empty}>{t('find.nothing')}</p>}
        // At once: the dialog's own focus comes a moment later, and a fast typist's first letters would be lost.
        autoFocus
        data-autofocus
        className={classes.field}
      />
      <p className={classes.foot}>
        <span>
          <KeyHint keys="Enter" /> {t('find.open')}
        </span>
        <span>
          <KeyHint keys="CmdOrCtrl+Enter" /> {t('find.book')}
        </span>
        <span>
          <KeyHint keys="Esc" /> {t('find.close')}
        </span>
      </p>
    </Modal>
  )
}

function useOptions(text: string, props: FindProps): readonly ComboOption[] {
  const { t } = useTranslation()
  const { commands, recentCommands, recent } = props
  const lookup = usePatientLookup()
  const found = usePatientSearch(text, SHOWN_PATIENTS)
  const places = usePlaces(text, props)
  return useMemo(() => {
    const isEmpty = text.trim() === ''
    const patients = isEmpty ? recent.flatMap((id) => lookup(id) ?? []).slice(0, SHOWN_PATIENTS) : found
    const group = t(isEmpty ? 'find.recent' : 'find.patients')
    const candidates = commands.map((command) => {
      const at = recentCommands.indexOf(command.id)
      return { command, label: t(command.labelKey), recency: at < 0 ? undefined : at }
    })
    return [
      ...places,
      ...patients.map((patient) => ({
        id: `patient:${patient.id}`,
        group,
        content: <PatientRow patient={patient} />,
      })),
      ...rank(candidates, text)
        .slice(0, isEmpty ? commands.length : SHOWN_COMMANDS)
        .map(({ command }) => ({
          id: `command:${command.id}`,
          group: t('find.commands'),
          content: <CommandRow command={command} />,
        })),
    ]
  }, [text, commands, recentCommands, recent, lookup, found, places, t])
}

/** The day that was meant, and doctors by name or by what they do. */
function usePlaces(text: string, { doctors, today }: FindProps): readonly ComboOption[] {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  return useMemo(() => {
    if (text.trim() === '') return []
    const day = askedDay(text, today, i18n.language)
    const named = doctors.map((doctor) => ({ ...doctor, label: `${doctor.name} ${doctor.specialization}` }))
    return [
      ...(day === null
        ? []
        : [{ id: `day:${day}`, group: t('find.days'), content: <bdi className="tabular">{format.longDay(day)}</bdi> }]),
      ...rank(named, text)
        .slice(0, SHOWN_DOCTORS)
        .map(({ id, name, specialization }) => ({
          id: `doctor:${id}`,
          group: t('find.doctors'),
          content: (
            <span>
              <bdi>{name}</bdi> <bdi className={classes.about}>{specialization}</bdi>
            </span>
          ),
        })),
    ]
  }, [text, doctors, today, t, i18n.language, format])
}

function CommandRow({ command }: { readonly command: Command }) {
  const { t } = useTranslation()
  const keys = command.keys?.[0] ?? command.accelerator
  return (
    <span className={classes.command}>
      {t(command.labelKey).replace(/…$/, '')}
      {keys && <KeyHint keys={keys} />}
    </span>
  )
}
