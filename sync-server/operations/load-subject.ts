import type { Subject } from '#domain/access/can.ts'
import type { ClinicId, UserId } from '#domain/ids.ts'
import { type Instant, seconds } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { loadSubjectRow } from '#server/repositories/access.ts'

/** How long rights may be remembered; changes act within 5 s on every transport. */
const MEMORY_MS = seconds(3)
const MOST_REMEMBERED = 10_000

export type SubjectLoader = {
  (clinicId: ClinicId, userId: UserId): Promise<Subject>
  /** Forgets what is remembered of a person whose rights were just changed here. */
  forget(clinicId: ClinicId, userId: UserId): void
}

type Deps = { readonly database: Database; readonly now: () => Instant }

/** Reads a person's rights in a clinic from roles, direct grants and the rows linked to the person; remembers them shortly. */
export function createSubjectLoader({ database, now }: Deps): SubjectLoader {
  const remembered = new Map<string, { readonly at: Instant; readonly subject: Promise<Subject> }>()
  const load = (clinicId: ClinicId, userId: UserId) => {
    const key = keyOf(clinicId, userId)
    const known = remembered.get(key)
    if (known && now() - known.at < MEMORY_MS) return known.subject
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    const subject = database.read((tx) => loadSubjectRow(tx, clinicId, userId))
    remembered.set(key, { at: now(), subject })
    subject.catch(() => remembered.delete(key))
    return subject
  }
  return Object.assign(load, {
    forget: (clinicId: ClinicId, userId: UserId) => void remembered.delete(keyOf(clinicId, userId)),
  })
}

const keyOf = (clinicId: ClinicId, userId: UserId): string => `${clinicId} ${userId}`
