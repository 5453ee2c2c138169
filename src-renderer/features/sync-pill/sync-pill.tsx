import { UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCloudOff, IconRefresh } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '#renderer/clinic/format.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import type { SyncStatus } from '#renderer/local-db/sync-status.ts'
import classes from './sync-pill.module.css'

/** Sending that takes less than this is not worth a word. */
const QUIET_MS = 400

type Tone = 'quiet' | 'busy' | 'warning'
type Words = { readonly tone: Tone; readonly text: string; readonly why: string }

/**
 * Whether what is on screen is level with the server, in one line, and how much waits for a person; opens the inbox. Its words are those
 * of the states (sync-states.ts).
 */
export function SyncPill({ needsYou, onOpen }: { readonly needsYou: number; readonly onOpen: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const status = useSettledStatus()
  const { tone, text, why } = withTransport(status, t, wordsOf(status, t, format.time))
  const Icon =
    tone === 'warning'
      ? status.connection.phase === 'offline'
        ? IconCloudOff
        : IconAlertTriangle
      : tone === 'busy'
        ? IconRefresh
        : IconCheck
  return (
    <div role="status">
      <UnstyledButton className={classes.pill} data-tone={tone} onClick={onOpen} title={why}>
        <Icon size={15} stroke={1.8} aria-hidden />
        <span className={classes.text}>{text}</span>
        {needsYou > 0 && <span className={classes.review}>{t('sync.review', { count: needsYou })}</span>}
      </UnstyledButton>
    </div>
  )
}

function wordsOf(
  { connection, waiting, parked, initialSync }: SyncStatus,
  t: TFunction,
  time: (at: number) => string,
): Words {
  const toSend = waiting > 0 ? ` · ${t('sync.to-send', { count: waiting })}` : ''
  switch (connection.phase) {
    case 'offline': {
      const why = t(`sync.why.${connection.reason ?? 'server-unreachable'}`)
      return { tone: 'warning', text: t('sync.offline-since', { time: time(connection.since) }) + toSend, why }
    }
    case 'connecting':
      return { tone: 'quiet', text: t('sync.connecting') + toSend, why: '' }
    case 'unauthenticated':
    case 'revoked':
    case 'upgrade-required':
      return { tone: 'warning', text: t(`sync.${connection.phase}`) + toSend, why: t(`sync.why.${connection.phase}`) }
    case 'ready':
      if (!initialSync.done) return { tone: 'busy', text: receivingText(initialSync, t), why: '' }
      if (waiting > 0) return { tone: 'busy', text: t('sync.sending', { count: waiting }), why: '' }
      if (parked > 0) return { tone: 'warning', text: t('sync.parked', { count: parked }), why: t('sync.why.parked') }
      return { tone: 'quiet', text: t('state.synced'), why: t('sync.why.level') }
  }
}

function receivingText({ received, total }: SyncStatus['initialSync'], t: TFunction): string {
  return total === null ? t('sync.receiving', { count: received }) : t('sync.receiving-of', { received, count: total })
}

/** Over HTTP the server's word takes longer; that belongs to the detail, since nothing is wrong. */
function withTransport({ connection }: SyncStatus, t: TFunction, words: Words): Words {
  if (connection.phase !== 'ready' || connection.transport !== 'http') return words
  return { ...words, why: [words.why, t('sync.why.over-http')].filter(Boolean).join(' ') }
}

/** The status, with sending that is over at once left out. */
function useSettledStatus(): SyncStatus {
  const status = useSyncStatus()
  const isSending = status.connection.phase === 'ready' && status.waiting > 0
  const [isLong, setIsLong] = useState(false)
  useEffect(() => {
    setIsLong(false)
    if (!isSending) return
    const timer = setTimeout(() => setIsLong(true), QUIET_MS)
    return () => clearTimeout(timer)
  }, [isSending])
  return isSending && !isLong ? { ...status, waiting: 0 } : status
}
