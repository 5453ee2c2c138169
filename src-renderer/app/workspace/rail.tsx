import { Tooltip, UnstyledButton } from '@mantine/core'
import {
  IconActivityHeartbeat,
  IconCalendarCog,
  IconCalendarTime,
  IconChartBar,
  IconInbox,
  IconKeyboard,
  IconLock,
  IconSettings,
  IconStethoscope,
  IconUsers,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommandId } from '#domain/commands/commands.ts'
import { findCommand } from '#domain/commands/commands.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { BrandMark } from '#renderer/ui/parts/brand-mark.tsx'
import classes from './rail.module.css'
import { type CommandRuns, runCommand } from './run-command.ts'
import { useView } from './view-state.ts'

type Icon = ComponentType<{ size: number; stroke: number; 'aria-hidden': boolean }>

/** The screens there are, and two things one wants at any moment. */
export function Rail({ needsYou, runs }: { readonly needsYou: number; readonly runs: CommandRuns }) {
  const { t } = useTranslation()
  const screen = useView((view) => view.screen)
  return (
    <nav className={classes.rail} aria-label={t('header.go')}>
      <span className={classes.brand}>
        <BrandMark size={26} />
      </span>
      <RailButton id="go.board" icon={IconCalendarTime} isCurrent={screen === 'board'} />
      {runs['go.my-day'] && <RailButton id="go.my-day" icon={IconStethoscope} isCurrent={screen === 'my-day'} />}
      {runs['go.availability'] && (
        <RailButton id="go.availability" icon={IconCalendarCog} isCurrent={screen === 'availability'} />
      )}
      {runs['go.patients'] && <RailButton id="go.patients" icon={IconUsers} isCurrent={screen === 'patients'} />}
      <RailButton
        id="go.inbox"
        icon={IconInbox}
        isCurrent={screen === 'inbox'}
        count={needsYou}
        countLabel={t('header.needs-you', { count: needsYou })}
      />
      {runs['go.reports'] && <RailButton id="go.reports" icon={IconChartBar} isCurrent={screen === 'reports'} />}
      {runs['go.activity'] && (
        <RailButton id="go.activity" icon={IconActivityHeartbeat} isCurrent={screen === 'activity'} />
      )}
      {runs['go.settings'] && <RailButton id="go.settings" icon={IconSettings} isCurrent={screen === 'settings'} />}
      <span className={classes.space} />
      <RailButton id="help.shortcuts" icon={IconKeyboard} />
      <RailButton id="app.lock" icon={IconLock} />
    </nav>
  )
}

type RailButtonProps = {
  readonly id: CommandId
  readonly icon: Icon
  readonly isCurrent?: boolean
  readonly count?: number
  readonly countLabel?: string
}

function RailButton({ id, icon: Glyph, isCurrent = false, count = 0, countLabel }: RailButtonProps) {
  const { t } = useTranslation()
  const command = findCommand(id)
  if (!command) return null
  const label = t(command.labelKey).replace(/…$/, '')
  const keys = command.keys?.[0] ?? command.accelerator
  return (
    <Tooltip
      label={
        <span className={classes.tip}>
          {label} {keys && <KeyHint keys={keys} />}
        </span>
      }
      position="right"
    >
      <UnstyledButton
        className={classes.button}
        aria-current={isCurrent ? 'page' : undefined}
        aria-label={count > 0 ? `${label}, ${countLabel}` : label}
        onClick={() => runCommand(id)}
      >
        <Glyph size={20} stroke={1.6} aria-hidden />
        {count > 0 && (
          <span className={classes.count} aria-hidden>
            {count}
          </span>
        )}
      </UnstyledButton>
    </Tooltip>
  )
}
