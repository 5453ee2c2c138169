import { useEffect, useMemo } from 'react'
import { mayEver } from '#domain/access/can.ts'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { worksAtDesk } from '#domain/settings/seen-as.ts'
import { deviceId } from '#renderer/app/session/device-identity.ts'
import { Allotments } from '#renderer/local-db/allotments.ts'
import { Delays } from '#renderer/local-db/delays.ts'
import { subjectOf } from '#renderer/local-db/desk.ts'
import { HeldTimes } from '#renderer/local-db/held-times.ts'
import { KeptFormsProvider } from '#renderer/local-db/kept-forms-context.tsx'
import { LocalDbProvider, serverTime, useSyncStatus } from '#renderer/local-db/local-db-context.tsx'
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
  const live = useLive(host)
  const value = useMemo(() => ({ database, sync, user, patients, ...live }), [database, sync, user, patients, live])
  return (
    <LocalDbProvider value={value}>
      <Allowed host={host} patients={patients} live={live} />
    </LocalDbProvider>
  )
}

/**
 * On a computer that keeps nothing, what is done offline would be lost with the window: there the person may only look until
 * the server answers.
 */
function Allowed({ host, patients, live }: WorkspaceProps & { readonly live: Live }) {
  const { database, sync, user, isKept } = host.session
  const { phase } = useSyncStatus().connection
  const isFrozen = !isKept && phase === 'offline'
  const value = useMemo(
    () => ({ database, sync, patients, ...live, user: isFrozen ? lookingOnly(user) : user }),
    [database, sync, patients, live, user, isFrozen],
  )
  useWarnBeforeLeaving(host)
  useTellOpened(host)
  useFollowRights(host)
  useReportUnsent(host)
  return (
    <LocalDbProvider value={value}>
      {isAtDesk(user) ? (
        <KeptFormsProvider>
          <Desk host={host} />
        </KeptFormsProvider>
      ) : (
        <PatientDesk host={host} />
      )}
      <IdleLock host={host} />
    </LocalDbProvider>
  )
}

const isAtDesk = (user: SignedInUser): boolean => worksAtDesk((permission) => mayEver(subjectOf(user), permission))

type Live = { readonly leases: Allotments; readonly held: HeldTimes; readonly delays: Delays }

/** What the server tells of beside the replicated data, read for whoever works at a desk. */
function useLive({ api, session: { database, sync, user, isKept } }: Host): Live {
  const { zone } = user.clinic
  const { id: userId } = user
  const live = useMemo(() => {
    const now = () => serverTime(sync)
    const holder = { deviceId: deviceId(), userId }
    const leases = new Allotments({ database, api, sync, holder, isAsking: isKept, now })
    return { leases, held: new HeldTimes({ api, sync, zone, leases, now }), delays: new Delays({ api, sync }) }
  }, [api, database, sync, zone, userId, isKept])
  const isRead = isAtDesk(user)
  useEffect(() => {
    if (!isRead) return
    for (const each of Object.values(live)) each.start()
    return () => {
      for (const each of Object.values(live)) each.stop()
    }
  }, [live, isRead])
  return live
}

const lookingOnly = (user: SignedInUser): SignedInUser => ({
  ...user,
  grants: user.grants.filter(({ permission }) => permission.startsWith('view-')),
})

/** The audit on the server hears of what was opened here as soon as it can. */
function useTellOpened({ session: { database, sync }, api }: Host): void {
  useEffect(() => startTelling(database, sync, api), [database, sync, api])
}

/** What the person may do, as soon as the server says that it changed: commands and screens come and go with it. */
function useFollowRights({ onPersonChanged }: Host): void {
  const { personVersion } = useSyncStatus()
  useEffect(() => {
    if (personVersion > 0) void onPersonChanged()
  }, [personVersion, onPersonChanged])
}

/** Stays as it was last behind the lock: what is unsent is not sent by locking. */
function useReportUnsent({ platform }: Host): void {
  const unsent = onlyHere(useSyncStatus())
  useEffect(() => void platform.reportUnsent(unsent), [platform, unsent])
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
