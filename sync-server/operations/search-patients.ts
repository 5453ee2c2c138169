import { audiencesFor } from '#domain/access/audiences.ts'
import type { Subject } from '#domain/access/can.ts'
import type { PatientId } from '#domain/ids.ts'
import { hasWordsLike } from '#domain/people/name-search.ts'
import type { Patient } from '#domain/people/people-schemas.ts'
import {
  listPatientsOfIds,
  listVisiblePatientKeys,
  type PatientCriteria,
  type PatientKey,
  type Seen,
} from '#server/repositories/visible-people.ts'
import { byWhom } from './audit-entry.ts'
import type { ReadDeps } from './find-appointments.ts'
import type { Found, Page } from './search-appointments.ts'

export type { Seen } from '#server/repositories/visible-people.ts'

export type PatientSearch = PatientCriteria & {
  /** Each is the beginning of a word of the name. */
  readonly names?: readonly string[]
  /** Each is an e-mail address or a phone number, as it is written down. */
  readonly contacts?: readonly string[]
}

/** The patients the subject sees that meet the search, in order of id, a page at a time. Durable in the audit log before it returns. */
export async function searchPatients(
  { database, audit }: ReadDeps,
  subject: Subject,
  search: PatientSearch,
  { limit, after }: Page<PatientId>,
): Promise<Found<Seen<Patient>, PatientId>> {
  const sight = { clinicId: subject.clinicId, audiences: audiencesFor(subject, 'patients') }
  const found = await database.read(async (tx) => {
    const keys = (await listVisiblePatientKeys(tx, sight, search)).filter((key) => isLike(key, search))
    const rest = after === undefined ? keys : keys.filter(({ id }) => id > after)
    const ids = rest.slice(0, limit).map(({ id }) => id)
    const next = rest.length > limit ? ids.at(-1) : undefined
    return { items: await listPatientsOfIds(tx, ids), total: keys.length, next }
  })
  if (found.items.length > 0) {
    const documentIds = found.items.map(({ person }) => person.id)
    await audit({ ...byWhom(subject), action: 'read', collection: 'patients', documentIds })
  }
  return found
}

const isLike = ({ name, phone, email }: PatientKey, { names = [], contacts = [] }: PatientSearch): boolean =>
  names.every((wanted) => hasWordsLike(name, wanted)) &&
  contacts.every((wanted) => isSameMail(email, wanted) || isSameNumber(phone, wanted))

const isSameMail = (email: string, wanted: string): boolean =>
  email !== '' && email.trim().toLowerCase() === wanted.trim().toLowerCase()

const digitsOf = (text: string): string => text.replaceAll(/[^\d+]/g, '')
const isSameNumber = (phone: string, wanted: string): boolean =>
  digitsOf(phone) !== '' && digitsOf(phone) === digitsOf(wanted)
