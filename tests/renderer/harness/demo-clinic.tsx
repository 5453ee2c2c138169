/**
 * The whole workspace over the demo clinic in memory, without a server: what a screen spec or a picture needs and no more.
 * `?patients=N`; `?kept=N` keeps N documents encrypted on the device, so that the next load finds them there.
 * `?role=admin|receptionist|doctor|patient`, `?doctors=N`, `?phase=ready|offline`, `?scheme=dark`, `?dir=rtl`, `?now=ISO`, `?idle=MS`.
 */
import { createRoot } from 'react-dom/client'
import { BehaviorSubject } from 'rxjs'
import { SHIPPED_ROLE_GRANTS, type ShippedRole } from '#domain/access/roles.ts'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import { type DemoClinic, demoClinic } from '#domain/demo/demo-clinic.ts'
import type { CollectionName } from '#domain/sync/collections.ts'
import { addDays } from '#domain/time/clinic-time.ts'
import { hours } from '#domain/time/instant.ts'
import { APPEARANCE_KEY, applyAppearance } from '#renderer/app/appearance.ts'
import { startI18n } from '#renderer/app/i18n.ts'
import { Providers } from '#renderer/app/providers.tsx'
import type { Host } from '#renderer/app/workspace/desk-parts.ts'
import { Workspace } from '#renderer/app/workspace/workspace.tsx'
import { openLocalDatabase } from '#renderer/local-db/local-database.ts'
import { openPatientDirectory } from '#renderer/local-db/patient-directory.ts'
import type { SyncEngine, SyncStatus } from '#renderer/local-db/sync-status.ts'
import { openPlatform } from '#renderer/platform/open-platform.ts'
import { createServerApi } from '#renderer/server-api/server-api.ts'
import { fakeId } from './fake-day.ts'

const params = new URLSearchParams(location.search)
const role = (params.get('role') ?? 'receptionist') as ShippedRole
const now = params.get('now') ? Date.parse(params.get('now') ?? '') : Date.now()
/** What an earlier load of this page kept on the device: who works there; the rest lies in the database. */
const kept = Number(params.get('kept') ?? 0)
const known = kept > 0 ? localStorage.getItem('harness') : null
const clinic: DemoClinic =
  known === null ? demoClinic({ now, patientCount: Number(params.get('patients') ?? 400) }) : JSON.parse(known)
const doctors = clinic.doctors.slice(0, Number(params.get('doctors') ?? clinic.doctors.length))
const [doctor] = doctors
const [patient] = clinic.appointments.filter(({ start }) => start > now).map(({ patientId }) => patientId)

const user: SignedInUser = {
  id: fakeId<'User'>(8, 1),
  name: role === 'doctor' ? (doctor?.name ?? '') : 'Robin Reception',
  email: `${role}@demo.test`,
  clinic: clinic.clinic,
  doctorId: role === 'doctor' ? (doctor?.id ?? null) : null,
  patientIds: role === 'patient' && patient ? [patient] : [],
  roles: [role],
  grants: [...SHIPPED_ROLE_GRANTS[role]],
}

const status: SyncStatus = {
  connection: {
    phase: params.get('phase') === 'offline' ? 'offline' : 'ready',
    transport: 'websocket',
    since: now - 8 * 60_000,
    reason: params.get('phase') === 'offline' ? 'server-unreachable' : null,
    serverTimeOffset: now - Date.now(),
  },
  isLeader: true,
  waiting: 0,
  parked: 0,
  initialSync: { done: true, received: 0, total: null },
  lastSyncAt: Date.now() - 8 * 60_000,
  personVersion: 0,
  liveVersions: { holds: 0, delays: 0 },
  problem: null,
}
const status$ = new BehaviorSubject(status)
const unsent = new Map<CollectionName, BehaviorSubject<ReadonlySet<string>>>()
const unsentOf = (name: CollectionName): BehaviorSubject<ReadonlySet<string>> => {
  const known = unsent.get(name) ?? new BehaviorSubject<ReadonlySet<string>>(new Set())
  unsent.set(name, known)
  return known
}
const sync: SyncEngine = {
  unsentRows: async () => [],
  status$,
  getStatus: () => status$.getValue(),
  unsent$: unsentOf,
  getUnsent: (name) => unsentOf(name).getValue(),
  countWaiting: async () => status$.getValue().waiting,
  kick: () => undefined,
  stop: async () => undefined,
}

const database = await openLocalDatabase({
  serverId: 'harness',
  userId: user.id,
  key: kept > 0 ? await keyOf('a password for the harness') : null,
  multiInstance: false,
})
const sees = (visit: { doctorId: string; patientId: string }): boolean =>
  ((role === 'receptionist' || role === 'admin') && doctors.some(({ id }) => id === visit.doctorId)) ||
  visit.doctorId === user.doctorId ||
  user.patientIds.some((id) => id === visit.patientId)
if (known === null) await fill()
// What is written from here on counts as not yet sent while the harness is offline.
database.appointments.$.subscribe(({ documentId }) => {
  if (status$.getValue().connection.phase === 'ready') return
  const ids = new Set([...unsentOf('appointments').getValue(), documentId])
  unsentOf('appointments').next(ids)
  status$.next({ ...status$.getValue(), waiting: ids.size })
})

const host: Host = {
  platform: openPlatform(),
  api: createServerApi({ origin: '', transport: 'cookie' }),
  session: {
    user,
    database,
    sync,
    isKept: params.get('kept') !== 'no',
    store: null,
    damaged: new Promise(() => undefined),
  },
  onPersonChanged: async () => undefined,
  onLock: () => {
    document.documentElement.dataset.locked = 'true'
  },
  idleLockMs: Number(params.get('idle') ?? 180_000),
  onRenew: async () => 'in' as const,
  onSignOut: async () => 0,
}
Object.assign(window, { harness: { database, status$, clinic } })

await startI18n('en')
if (params.get('dir') === 'rtl') document.documentElement.dir = 'rtl'
localStorage.setItem(APPEARANCE_KEY, params.get('scheme') === 'dark' ? 'dark' : 'light')
applyAppearance()
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <Providers>
      <Workspace host={host} patients={openPatientDirectory(database)} />
    </Providers>,
  )
}

/** The key of the local data as a log-in makes it: that work is part of a start. */
async function keyOf(password: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(password), 'PBKDF2', false, [
    'deriveKey',
  ])
  const how = { name: 'PBKDF2', hash: 'SHA-256', iterations: 600_000, salt: new TextEncoder().encode('harness') }
  return crypto.subtle.deriveKey(how, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

async function fill(): Promise<void> {
  const visits = [...clinic.appointments.filter(sees), ...moreVisits(kept - clinic.patients.length)]
  await Promise.all([
    database.doctors.bulkInsert([...doctors]),
    database.appointment_types.bulkInsert([...clinic.appointmentTypes]),
    database.schedule_templates.bulkInsert([...clinic.templates]),
    database.schedules.bulkInsert([...clinic.schedules]),
    database.rooms.bulkInsert([...clinic.rooms]),
  ])
  for (const part of partsOf(clinic.patients)) await database.patients.bulkInsert(part)
  for (const part of partsOf(visits)) await database.appointments.bulkInsert(part)
  if (kept > 0) {
    const { patients: _, appointments, ...rest } = clinic
    localStorage.setItem('harness', JSON.stringify({ ...rest, patients: [], appointments: appointments.slice(-40) }))
  }
}

/** Visits of later weeks, so many that the device holds as much as was asked for. */
function moreVisits(count: number): Appointment[] {
  const made: Appointment[] = []
  for (let week = 3; made.length < count - clinic.appointments.length && week < 26; week += 1) {
    const week$ = clinic.appointments.filter(({ start }) => start > now && start < now + hours(24 * 7))
    for (const visit of week$) {
      const start = visit.start + hours(24 * 7 * week)
      const id = fakeId<'Appointment'>(9, made.length)
      const localDay = addDays(visit.localDay, 7 * week)
      made.push({ ...visit, id, localDay, start, end: start + visit.end - visit.start, status: 'confirmed' })
    }
  }
  return made
}

function partsOf<Row>(rows: readonly Row[]): Row[][] {
  const SIZE = 500
  return Array.from({ length: Math.ceil(rows.length / SIZE) }, (_, at) => rows.slice(at * SIZE, (at + 1) * SIZE))
}
