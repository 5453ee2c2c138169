import { ActionIcon, Button, Popover, UnstyledButton } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import {
  IconChevronLeft,
  IconChevronRight,
  IconLayoutSidebarRight,
  IconLayoutSidebarRightFilled,
  IconPlus,
  IconSearch,
} from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { minuteOfDayOf } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import { SyncPill } from '#renderer/features/sync-pill/sync-pill.tsx'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Bell } from './bell.tsx'
import type { DeskParts } from './desk-parts.ts'
import classes from './header.module.css'
import type { CommandRuns } from './run-command.ts'
import { openVisit, showDay, showOverlay, showScreen, togglePanel, useView } from './view-state.ts'

type HeaderProps = {
  readonly parts: DeskParts
  readonly runs: CommandRuns
  /** Entries of the inbox that wait for a decision. */
  readonly needsYou: number
}

/** The day, the one field for finding things, booking, and how the server stands. */
export function Header({ parts, runs, needsYou }: HeaderProps) {
  const { t } = useTranslation()
  const { screen, panel, isPanelOpen } = useView()
  const { user } = parts.host.session
  const isQuiet = screen === 'board' && isPanelOpen && panel.kind !== 'waiting'
  return (
    <header className={classes.header} data-hotkey-scope={screen === 'my-day' ? 'my-day board' : screen}>
      {screen === 'board' ? (
        <DaySwitch parts={parts} runs={runs} />
      ) : (
        <h1 className={classes.title}>{t(`${screen}.title`)}</h1>
      )}
      <UnstyledButton className={classes.find} onClick={() => showOverlay('find')}>
        <IconSearch size={16} stroke={1.8} aria-hidden />
        <span>{t('find.field')}</span>
        <KeyHint keys="CmdOrCtrl+K" />
      </UnstyledButton>
      <div className={classes.end}>
        <SyncPill needsYou={needsYou} onOpen={() => showScreen('inbox')} />
        {runs['file.new-booking'] && (
          <Button
            variant={isQuiet || screen !== 'board' ? 'default' : 'filled'}
            leftSection={<IconPlus size={15} stroke={2} aria-hidden />}
            rightSection={<KeyHint keys="b" />}
            onClick={runs['file.new-booking']}
          >
            {t('header.book')}
          </Button>
        )}
        <Bell host={parts.host} onVisit={showVisit} />
        {screen === 'board' && <PanelButton isOpen={isPanelOpen} />}
        <AccountMenu user={user} runs={runs} />
      </div>
    </header>
  )
}

const showVisit = (visit: Appointment): void => openVisit(visit, minuteOfDayOf(visit.localStart))

function DaySwitch({ parts, runs }: Omit<HeaderProps, 'needsYou'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const { clinicDay, today } = parts
  const { day } = clinicDay
  const view = useView((state) => state.boardView)
  const span = view === 'list' ? 'day' : view
  const [isOpen, setIsOpen] = useState(false)
  return (
    <div className={classes.days}>
      <ActionIcon
        onClick={runs['view.previous-day']}
        aria-label={t(`header.previous-${span}`)}
        title={t(`header.previous-${span}`)}
      >
        <IconChevronLeft size={17} className={classes.arrow} aria-hidden />
      </ActionIcon>
      <ActionIcon
        onClick={runs['view.next-day']}
        aria-label={t(`header.next-${span}`)}
        title={t(`header.next-${span}`)}
      >
        <IconChevronRight size={17} className={classes.arrow} aria-hidden />
      </ActionIcon>
      <Popover opened={isOpen} onChange={setIsOpen} position="bottom-start" shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton
            className={classes.day}
            onClick={() => setIsOpen(!isOpen)}
            aria-haspopup="dialog"
            aria-expanded={isOpen}
          >
            <h1>{view === 'month' ? format.month(day) : format.longDay(day)}</h1>
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('header.choose-day')}>
          <DatePicker
            size="sm"
            highlightToday
            ariaLabels={{ previousMonth: t('header.previous-month'), nextMonth: t('header.next-month') }}
            classNames={{ day: classes.calendarDay }}
            defaultDate={day}
            value={day}
            onChange={(picked) => {
              if (picked) showDay(picked === today ? null : picked)
              setIsOpen(false)
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {day !== today && (
        <Button variant="subtle" onClick={runs['view.today']} rightSection={<KeyHint keys="t" />}>
          {t('header.today')}
        </Button>
      )}
    </div>
  )
}

function PanelButton({ isOpen }: { readonly isOpen: boolean }) {
  const { t } = useTranslation()
  const label = t(isOpen ? 'panel.hide' : 'panel.show')
  const Icon = isOpen ? IconLayoutSidebarRightFilled : IconLayoutSidebarRight
  return (
    <ActionIcon onClick={togglePanel} aria-label={label} title={label} aria-pressed={isOpen}>
      <Icon size={18} stroke={1.6} aria-hidden />
    </ActionIcon>
  )
}
