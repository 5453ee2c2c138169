/**
 * Watches the clinics' calendars: at each clinic's midnight, and when the server starts, its replicated window is brought to the
 * day. Knows when to look; what is done then is an operation.
 */
import type { Logger } from 'pino'
import { addDays, localDayOf, startOfDay, type Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'

/** The clock is read this often at least: it may be set, and a machine may sleep through a midnight. */
const LONGEST_MS = 60_000
/** Timers may fire a little early; a look before midnight would be a look for nothing. */
const AFTER_MIDNIGHT_MS = 50

type Clinic = { readonly id: string; readonly zone: Zone }

export type WindowKeeperDeps<Row extends Clinic> = {
  readonly listClinics: () => Promise<readonly Row[]>
  /** Brings one clinic's window to its today; resolves with the number of documents moved. */
  readonly follow: (clinic: Row, signal: AbortSignal) => Promise<number>
  readonly now: () => Instant
  readonly log: Pick<Logger, 'info' | 'error'>
}

export type WindowKeeper = {
  /** Ends a round in hand between two writes, and looks no more. */
  stop(): Promise<void>
}

/** Looks now, and from then on whenever a midnight has passed. */
export function keepWindows<Row extends Clinic>(deps: WindowKeeperDeps<Row>): WindowKeeper {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let round = look()

  async function look(): Promise<void> {
    const clinics = await followAll(deps, stopping.signal)
    if (stopping.signal.aborted) return
    timer = setTimeout(
      () => {
        round = look()
      },
      waitMs(clinics, deps.now()),
    )
    timer.unref()
  }

  return {
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await round
    },
  }
}

/** Never throws: what could not be done is tried again by the next look. */
async function followAll<Row extends Clinic>(
  { listClinics, follow, log }: WindowKeeperDeps<Row>,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  let clinics: readonly Row[] = []
  try {
    clinics = await listClinics()
    for (const clinic of clinics) {
      if (signal.aborted) break
      const moved = await follow(clinic, signal)
      if (moved > 0) log.info({ clinicId: clinic.id, moved }, 'the replicated window has moved')
    }
  } catch (error) {
    log.error({ err: error }, 'the replicated window could not be moved')
  }
  return clinics
}

/** Until the next midnight of any clinic, a minute at the longest. */
export function waitMs(clinics: readonly Clinic[], now: Instant): number {
  const midnights = clinics.map(({ zone }) => startOfDay(addDays(localDayOf(now, zone), 1), zone))
  return Math.min(LONGEST_MS, ...midnights.map((midnight) => midnight - now + AFTER_MIDNIGHT_MS))
}
