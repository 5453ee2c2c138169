import { Modal, Switch } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Command } from '#domain/commands/commands.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import classes from './keyboard-sheet.module.css'

type SheetProps = {
  readonly commands: readonly Command[]
  readonly hasSingleKeys: boolean
  readonly onSingleKeys: (isOn: boolean) => void
  readonly onClose: () => void
}

/** Keys that belong to a place on the screen rather than to a command. */
const PLACES = {
  board: [
    ['arrows', ['←', '↑', '→', '↓']],
    ['open', ['Enter']],
    ['drop', ['Esc']],
  ],
  booking: [
    ['proposal', ['Alt+1', 'Alt+4']],
    ['book', ['CmdOrCtrl+Enter']],
    ['close', ['Esc']],
  ],
  inbox: [['offer', ['1', '2', '3']]],
} as const

/** Every shortcut there is, from the same list the menu is made of. */
export function KeyboardSheet({ commands, hasSingleKeys, onSingleKeys, onClose }: SheetProps) {
  const { t } = useTranslation()
  const withKeys = commands.filter(({ keys, accelerator }) => keys || accelerator)
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keys.title')}
      size="44rem"
      closeButtonProps={{ 'aria-label': t('panel.close') }}
    >
      <div className={classes.columns}>
        <Group title={t('keys.everywhere')}>{withKeys.filter(({ scope }) => scope === 'everywhere').map(toRow)}</Group>
        <Group title={t('keys.booking')}>
          {PLACES.booking.map(([name, keys]) => (
            <Row key={name} label={t(`keys.places.${name}`)} keys={keys} />
          ))}
        </Group>
        <Group title={t('keys.inbox')}>
          {PLACES.inbox.map(([name, keys]) => (
            <Row key={name} label={t(`keys.places.${name}`)} keys={keys} />
          ))}
          {withKeys.filter(({ scope }) => scope === 'inbox').map(toRow)}
        </Group>
        <Group title={t('keys.board')} isNewColumn>
          {PLACES.board.map(([name, keys]) => (
            <Row key={name} label={t(`keys.places.${name}`)} keys={keys} />
          ))}
          {withKeys.filter(({ scope }) => scope === 'board').map(toRow)}
        </Group>
        <Group title={t('keys.my-day')}>{withKeys.filter(({ scope }) => scope === 'my-day').map(toRow)}</Group>
      </div>
      <Switch
        mt="md"
        size="xs"
        checked={hasSingleKeys}
        onChange={(event) => onSingleKeys(event.currentTarget.checked)}
        label={t('keys.single')}
        description={t('keys.single-about')}
      />
    </Modal>
  )

  function toRow(command: Command) {
    const keys = [...(command.keys ?? []), ...(command.accelerator ? [command.accelerator] : [])]
    return <Row key={command.id} label={t(command.labelKey).replace(/…$/, '')} keys={keys} />
  }
}

type GroupProps = { readonly title: string; readonly children: ReactNode; readonly isNewColumn?: boolean }

function Group({ title, children, isNewColumn }: GroupProps) {
  return (
    <section className={classes.group} data-new-column={isNewColumn}>
      <h3>{title}</h3>
      <dl>{children}</dl>
    </section>
  )
}

function Row({ label, keys }: { readonly label: string; readonly keys: readonly string[] }) {
  return (
    <div className={classes.row}>
      <dt>{label}</dt>
      <dd>
        {keys.map((key) => (
          <KeyHint key={key} keys={key} />
        ))}
      </dd>
    </div>
  )
}
