import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deviceClock } from '#renderer/local-db/clock.ts'
import { useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { shareTouches } from '#renderer/ui/idle/share-touches.ts'
import { watchIdle } from '#renderer/ui/idle/watch-idle.ts'
import type { Host } from './desk-parts.ts'
import classes from './idle-lock.module.css'

/** So long before it locks, the screen says so. */
const WARN_MS = 15_000
/** Signs of a person; RxDB's own faked ones are switched off (replicate-collection.ts). */
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const

/**
 * Locks a screen that nobody has touched for a while. Where the data is in memory alone, the server has to open it again: there
 * it stays open while the server is away, or what is unsent could not be reached.
 */
export function IdleLock({ host }: { readonly host: Host }) {
  const { t } = useTranslation()
  const { idleLockMs, onLock, session } = host
  const isOffline = useSyncStatus().connection.phase === 'offline'
  const isOff = isOffline && !session.isKept
  const [isAboutToLock, setIsAboutToLock] = useState(false)
  useEffect(() => {
    if (isOff) return
    const warnMs = Math.min(WARN_MS, idleLockMs / 2)
    const watch = watchIdle({
      clock: deviceClock,
      idleMs: idleLockMs,
      warnMs,
      onWarn: setIsAboutToLock,
      onIdle: onLock,
    })
    const others = shareTouches(deviceClock.now, watch.touch)
    const touched = (): void => {
      watch.touch()
      others.tell()
    }
    for (const touch of TOUCHES) window.addEventListener(touch, touched, { capture: true, passive: true })
    return () => {
      for (const touch of TOUCHES) window.removeEventListener(touch, touched, { capture: true })
      others.stop()
      watch.stop()
      setIsAboutToLock(false)
    }
  }, [isOff, idleLockMs, onLock])
  return (
    <div role="status">
      {isAboutToLock && <p className={classes.notice}>{t('lock.soon', { count: WARN_MS / 1000 })}</p>}
    </div>
  )
}
