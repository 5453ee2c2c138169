import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import {
  IconBell,
  IconFileExport,
  IconFileTypePdf,
  IconKeyboard,
  IconLock,
  IconLogout,
  IconPrinter,
  IconUserCog,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { type CommandId, findCommand } from '#domain/commands/commands.ts'
import { LANGUAGES, type Language, ownName } from '#domain/language/languages.ts'
import { switchLanguage } from '#renderer/app/i18n.ts'
import { initialsOf } from '#renderer/clinic/initials.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import classes from './account-menu.module.css'
import type { CommandRuns } from './run-command.ts'

const ICONS = {
  'file.export-day-csv': IconFileExport,
  'file.export-day-pdf': IconFileTypePdf,
  'file.print-day-sheet': IconPrinter,
  'help.shortcuts': IconKeyboard,
  'app.account': IconUserCog,
  'app.notification-preferences': IconBell,
  'app.lock': IconLock,
  'app.sign-out': IconLogout,
} as const satisfies Partial<Record<CommandId, unknown>>

/** Needs a day on the screen; whoever can have the day's list finds it greyed without one, as in the host's menu. */
const OF_SHOWN_DAY: ReadonlySet<CommandId> = new Set(['file.export-day-pdf', 'file.print-day-sheet'])

const isOffered = (id: CommandId, runs: CommandRuns): boolean =>
  runs[id] !== undefined || (OF_SHOWN_DAY.has(id) && runs['file.export-day-csv'] !== undefined)

/** Who is signed in, light or dark, and the way out. */
export function AccountMenu({ user, runs }: { readonly user: SignedInUser; readonly runs: CommandRuns }) {
  const { t } = useTranslation()
  const items = (Object.keys(ICONS) as (keyof typeof ICONS)[]).filter((id) => isOffered(id, runs))
  return (
    <Menu position="bottom-end" width={264} shadow="md" returnFocus withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={classes.avatar}>
          <span aria-hidden>{initialsOf(user.name)}</span>
          <span className="visually-hidden">
            {t('header.account')}: {user.name}
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <bdi className={classes.name}>{user.name}</bdi>
          <bdi>{user.email}</bdi>
          <bdi>{user.clinic.name}</bdi>
        </div>
        <Menu.Divider />
        <Appearance />
        <Menu.Divider />
        <Languages userId={user.id} />
        <Menu.Divider />
        {items.map((id) => (
          <Item key={id} id={id} onRun={runs[id]} />
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Item({ id, onRun }: { readonly id: keyof typeof ICONS; readonly onRun: (() => void) | undefined }) {
  const { t } = useTranslation()
  const command = findCommand(id)
  const Icon = ICONS[id]
  const keys = command?.keys?.[0] ?? command?.accelerator
  return (
    <Menu.Item
      leftSection={<Icon size={16} stroke={1.6} aria-hidden />}
      rightSection={keys && <KeyHint keys={keys} />}
      onClick={onRun}
      disabled={!onRun}
    >
      {t(`commands.${id}`).replace(/…$/, '')}
    </Menu.Item>
  )
}

function Appearance() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const schemes = [
    ['light', 'light'],
    ['dark', 'dark'],
    ['auto', 'system'],
  ] as const
  return (
    <>
      <Menu.Label>{t('header.appearance')}</Menu.Label>
      <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}>
        {schemes.map(([value, name]) => (
          <Menu.RadioItem key={value} value={value}>
            {t(`header.${name}`)}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  )
}

function Languages({ userId }: { readonly userId: string }) {
  const { t, i18n } = useTranslation()
  return (
    <>
      <Menu.Label>{t('language.title')}</Menu.Label>
      <Menu.RadioGroup value={i18n.language} onChange={(value) => switchLanguage(userId, value as Language)}>
        {LANGUAGES.map((language) => (
          <Menu.RadioItem key={language} value={language} lang={language}>
            {ownName(language)}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  )
}
