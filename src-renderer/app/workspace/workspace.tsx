import { useEffect, useMemo } from 'react'
import { mayEver } from '#domain/access/can.ts'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { subjectOf } from '#renderer/local-db/desk.ts'
import { LocalDbProvider, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
import { startTelling } from '#renderer/local-db/opened-records.ts'
import type { PatientDirectory } from '#renderer/local-db/patient-directory.ts'
import { onlyHere } from '#renderer/local-db/sync-status.ts'
import { Desk } from './desk.tsx'
import type { Host } from './desk-parts.ts'
import { IdleLock } from './idle-lock.tsx'
import { PatientDesk } from './patient-desk.tsx'

type WorkspaceProps = { readonly host: Host; readonly patients: PatientDirectory }

/** The open data, and the desk that fits the person. */
export function Workspace({ host, patients }: WorkspaceProps) {
  const { database, sync, user } = host.session
  const value = useMemo(() => ({ database, sync, user, patients }), [database, sync, user, patients])
  return (
    <LocalDbProvider value={value}>
      <Allowed host={host} patients={patients} />
    </LocalDbProvider>
  )
}

/**
 * On a computer that keeps nothing, what is done offline would be lost with the window: there the person may only look until
 * the server answers.
 */
function Allowed({ host, patients }: WorkspaceProps) {
  const { database, sync, user, isKept } = host.session
  const { phase } = useSyncStatus().connection
  const isFrozen = !isKept && phase === 'offline'
  const value = useMemo(
    () => ({ database, sync, patients, user: isFrozen ? lookingOnly(user) : user }),
    [database, sync, patients, user, isFrozen],
  )
  useWarnBeforeLeaving(host)
  useTellOpened(host)
  const isAtDesk = mayEver(subjectOf(user), 'check-in-patient') || mayEver(subjectOf(user), 'view-schedules')
  return (
    <LocalDbProvider value={value}>
      {isAtDesk ? <Desk host={host} /> : <PatientDesk host={host} />}
      <IdleLock host={host} />
    </LocalDbProvider>
  )
}

const lookingOnly = (user: SignedInUser): SignedInUser => ({
  ...user,
  grants: user.grants.filter(({ permission }) => permission.startsWith('view-')),
})

/** The audit on the server hears of what was opened here as soon as it can. */
function useTellOpened({ session: { database, sync }, api }: Host): void {
  useEffect(() => startTelling(database, sync, api), [database, sync, api])
}

/** Asks before a window closes that holds the only copy of something. */
function useWarnBeforeLeaving({ session }: Host): void {
  useEffect(() => {
    if (session.isKept) return
    const warn = (event: BeforeUnloadEvent): void => {
      if (onlyHere(session.sync.getStatus()) > 0) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [session])
}
