import { Modal } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Command, CommandId } from '#domain/commands/commands.ts'
import type { PatientId } from '#domain/ids.ts'
import { PatientRow } from '#renderer/clinic/patient-row.tsx'
import { usePatientLookup, usePatientSearch } from '#renderer/local-db/local-db-context.tsx'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { ComboList, type ComboOption } from '#renderer/ui/parts/combo-list.tsx'
import classes from './find-anything.module.css'
import { rankCommands } from './rank-commands.ts'

type FindProps = {
  /** What can be done now. */
  readonly commands: readonly Command[]
  readonly recent: readonly PatientId[]
  readonly onCommand: (id: CommandId) => void
  /** `isBooking`: taken with Ctrl and Enter, straight to a booking. */
  readonly onPatient: (id: PatientId, isBooking: boolean) => void
  readonly onClose: () => void
}

const SHOWN_PATIENTS = 7
const SHOWN_COMMANDS = 6

/** One field for finding a patient and for doing anything the product can do. */
export function FindAnything({ commands, recent, onCommand, onPatient, onClose }: FindProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const options = useOptions(text, commands, recent)
  const pick = (id: string, isWithCtrl: boolean): void => {
    onClose()
    const [kind, rest = ''] = id.split(/:(.*)/s)
    if (kind === 'patient') onPatient(rest as PatientId, isWithCtrl)
    else onCommand(rest as CommandId)
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

function useOptions(text: string, commands: readonly Command[], recent: readonly PatientId[]): readonly ComboOption[] {
  const { t } = useTranslation()
  const lookup = usePatientLookup()
  const found = usePatientSearch(text, SHOWN_PATIENTS)
  return useMemo(() => {
    const isEmpty = text.trim() === ''
    const patients = isEmpty ? recent.flatMap((id) => lookup(id) ?? []).slice(0, SHOWN_PATIENTS) : found
    const group = t(isEmpty ? 'find.recent' : 'find.patients')
    const ranked = rankCommands(commands, text, (command) => t(command.labelKey))
    return [
      ...patients.map((patient) => ({
        id: `patient:${patient.id}`,
        group,
        content: <PatientRow patient={patient} />,
      })),
      ...ranked.slice(0, isEmpty ? commands.length : SHOWN_COMMANDS).map((command) => ({
        id: `command:${command.id}`,
        group: t('find.commands'),
        content: <CommandRow command={command} />,
      })),
    ]
  }, [text, commands, recent, lookup, found, t])
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
