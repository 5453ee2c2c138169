import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { findCommand } from '#domain/commands/commands.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { type InboxRuns, useOfferedRuns } from './inbox-runs.ts'
import classes from './sync-inbox.module.css'

type WayButtonsProps = {
  /** What can be done, each on its key; the first that is named stands out when `isFirst` says so. */
  readonly runs: InboxRuns
  /** Which of them is what most people want here. */
  readonly usual?: keyof InboxRuns | undefined
  /** Further buttons that have no key. */
  readonly children?: ReactNode
}

const ORDER = ['inbox.again', 'inbox.waitlist', 'inbox.overbook', 'inbox.drop', 'inbox.dismiss'] as const

/** The ways on from an entry, as buttons with their keys; the same commands stand in the menu and the palette. */
export function WayButtons({ runs, usual, children }: WayButtonsProps) {
  const { t } = useTranslation()
  useOfferedRuns(runs)
  return (
    <div className={classes.more}>
      {ORDER.map((id) => {
        const run = runs[id]
        return (
          run && (
            <Button
              key={id}
              variant={id === usual ? 'filled' : 'default'}
              {...(id === 'inbox.drop' && { color: 'danger', variant: 'subtle' })}
              rightSection={<KeyHint keys={findCommand(id)?.keys?.[0] ?? ''} />}
              onClick={run}
            >
              {t(`commands.${id}`)}
            </Button>
          )
        )
      })}
      {children}
    </div>
  )
}
