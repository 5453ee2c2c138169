/** What a fuzzed operation is told about the clinic, so that its cases reach the rules: ids, texts, times and examples that fit. */
import { listRoles } from '#server/repositories/roles.ts'
import { NINE_O_CLOCK } from './builders.ts'
import { type Corner, emailOf } from './fuzz-clinic.ts'
import type { Pool } from './schema-values.ts'
import { FIXTURE_PASSWORD, type ServerUnderTest } from './server-under-test.ts'

/** Sends a request as the administrator of a corner and answers the text of the answer. */
export type Ask = (method: string, url: string, body?: unknown) => Promise<string>

const QUARTER_MS = 15 * 60_000
const DAY_MS = 24 * 60 * 60_000
const DAYS = [
  '2026-10-13',
  '2026-10-14',
  '2026-10-15',
  '2026-10-16',
  '2026-10-19',
  '2026-10-25',
  '2026-11-03',
  '2027-03-28',
]
/** Quarters of an hour from nine to five on four working days. */
const INSTANTS = [0, 1, 2, 5].flatMap((day) =>
  Array.from({ length: 32 }, (_, index) => NINE_O_CLOCK + day * DAY_MS + index * QUARTER_MS),
)

/** @param path of the operation: what it alone needs is made for it alone */
export async function aPool(server: ServerUnderTest, corner: Corner, ask: Ask, path: string): Promise<Pool> {
  const ids = { ...idsOfDocuments(corner), ...(await idsOfOthers(server, corner, ask, path)) }
  const texts = await textsFor(corner, ask, path)
  return {
    ids: Object.values(ids).flat(),
    idsOf: (field) => ids[FIELDS[field] ?? field],
    textsOf: (field) => texts[field],
    instants: INSTANTS,
    days: DAYS,
    examples: path.startsWith('/fhir/') ? await fhirVisits(ask) : [],
  }
}

/** Fields and parts of addresses that hold ids, by what the ids are of. */
const FIELDS: Readonly<Record<string, string>> = {
  doctorId: 'doctors',
  doctorIds: 'doctors',
  toDoctorId: 'doctors',
  Practitioner: 'doctors',
  Schedule: 'doctors',
  patientId: 'patients',
  otherId: 'patients',
  Patient: 'patients',
  Appointment: 'appointments',
  documentId: 'appointments',
  typeId: 'appointment-types',
  roomId: 'rooms',
  roomIds: 'rooms',
  templateId: 'schedule-templates',
  scheduleIds: 'schedules',
  entryIds: 'waitlist',
  closureId: 'closures',
  userId: 'users',
  roleIds: 'roles',
  holdId: 'holds',
  replaces: 'holds',
  deliveryId: 'deliveries',
  clinicId: 'clinics',
}

type Ids = Record<string, readonly string[]>

function idsOfDocuments({ documents, userIds }: Corner): Ids {
  const named = (name: keyof typeof documents) => documents[name].map(({ id }) => id as string)
  return {
    doctors: named('doctors'),
    patients: named('patients'),
    rooms: named('rooms'),
    'appointment-types': named('appointment_types'),
    'schedule-templates': named('schedule_templates'),
    schedules: named('schedules'),
    appointments: named('appointments'),
    waitlist: named('waitlist_entries'),
    users: Object.values(userIds),
  }
}

/** How many of a kind are made for an operation that takes one away at each success. */
const MADE = 12

/** Whatever is no document and has an id in the address of this operation. */
async function idsOfOthers(server: ServerUnderTest, corner: Corner, ask: Ask, path: string): Promise<Ids> {
  const { clinicId } = server.clinic
  const ids: Record<string, string[]> = { clinics: [clinicId] }
  const roles = await server.database.read((tx) => listRoles(tx, clinicId))
  ids.roles = roles.map(({ id }) => id)
  for (const [kind, make] of Object.entries(MAKERS)) {
    const isNeeded = path.includes(`/${kind}/{`) || (kind === 'holds' && path === '/api/v1/appointments')
    if (!isNeeded) continue
    const made = []
    for (let index = 0; index < MADE; index += 1) made.push(idIn(await make(ask, corner, index)))
    ids[kind] = made.filter((id) => id !== undefined)
  }
  return ids
}

const idIn = (text: string): string | undefined => /"id":"([0-9a-f-]{36})"/.exec(text)?.[1]

const visitOf = ({ documents }: Corner, index: number) => ({
  doctorId: documents.doctors[1]?.id,
  patientId: documents.patients[index % documents.patients.length]?.id,
  typeId: documents.appointment_types[0]?.id,
  start: NINE_O_CLOCK + 7 * DAY_MS + index * 2 * QUARTER_MS,
})

/** One of each kind that only an operation makes; the first id in the answer is its own. */
const MAKERS: Readonly<Record<string, (ask: Ask, corner: Corner, index: number) => Promise<string>>> = {
  holds: (ask, corner, index) => ask('POST', '/api/v1/holds', visitOf(corner, index)),
  series: (ask, corner, index) => {
    const { start: _, ...visit } = visitOf(corner, index)
    const rule = { frequency: 'daily', interval: 1, count: 2 }
    const time = `${9 + (index >> 2)}:${(index % 4) * 15}`.replace(/\b\d\b/g, '0$&')
    return ask('POST', '/api/v1/series', { ...visit, start: { day: '2026-12-07', time }, rule })
  },
  offers: async (ask, corner, index) => {
    const { documents } = corner
    const entryIds = [documents.waitlist_entries[index % documents.waitlist_entries.length]?.id]
    const { doctorId, start } = visitOf(corner, index)
    return ask('POST', '/api/v1/waitlist/offers', { entryIds, doctorId, start })
  },
  closures: (ask, _, index) => {
    const entries = [{ name: `Closed ${index}`, from: `2030-01-${String(index + 1).padStart(2, '0')}` }]
    return ask('POST', '/api/v1/closures', { locationId: null, entries, mode: 'keep' })
  },
  webhooks: (ask) =>
    ask('POST', '/api/v1/webhooks', { url: 'https://receiver.example/', eventTypes: ['AppointmentBooked'] }),
  reports: (ask) =>
    ask('POST', '/api/v1/reports', {
      definition: 'activity',
      filter: { from: '2026-10-01', until: '2026-10-31' },
      type: 'csv',
    }),
  'report-schedules': (ask, { userIds }) =>
    ask('POST', '/api/v1/report-schedules', {
      name: 'The week',
      definition: 'activity',
      range: 'last-week',
      filter: {},
      type: 'pdf',
      weekday: 1,
      dayOfMonth: null,
      localTime: '07:00',
      recipientIds: [userIds.admin],
      isActive: true,
    }),
  'calendar-feeds': (ask, { documents }) =>
    ask('POST', '/api/v1/calendar-feeds', { doctorId: documents.doctors[0]?.id }),
  invitations: async (ask, _, index) => {
    const roles = JSON.parse(await ask('GET', '/api/v1/roles')).roles as { readonly id: string }[]
    const email = `invited-${index}@corner.test`
    return ask('POST', '/api/v1/invitations', { name: 'Invited', email, roleIds: [roles[0]?.id] })
  },
  roles: (ask, corner, index) => {
    const name = `Role ${corner.userIds.admin} ${index}`
    return ask('POST', '/api/v1/roles', { name, grants: [{ permission: 'view-patients', scope: 'clinic' }] })
  },
  tokens: (ask, _, index) =>
    ask('POST', '/api/v1/tokens', {
      name: `Token ${index}`,
      abilities: ['view-patients'],
      expiresInDays: 7,
      password: FIXTURE_PASSWORD,
    }),
  'legal-holds': (ask, { documents }, index) => {
    const patient = documents.patients[index % documents.patients.length]
    return ask('POST', `/api/v1/patients/${patient?.id}/legal-holds`, { reason: 'A reason' })
  },
}

type Texts = Record<string, readonly string[]>

async function textsFor({ documents }: Corner, ask: Ask, path: string): Promise<Texts> {
  const refs = (type: string, list: readonly { readonly id: string }[]) => list.map(({ id }) => `${type}/${id}`)
  const doctors = refs('Practitioner', documents.doctors)
  const patients = refs('Patient', documents.patients)
  const all = [...documents.doctors, ...documents.patients, ...documents.appointments].map(({ id }) => id)
  const date = ['2026-10-14', 'ge2026-10-14', 'lt2026-10-16T00:00:00Z', '2026', 'ap2026-10-14', 'xx1', '9999-12-31']
  return {
    password: [FIXTURE_PASSWORD],
    currentPassword: [FIXTURE_PASSWORD],
    newPassword: [FIXTURE_PASSWORD, 'another row of words 77'],
    email: [emailOf('admin', 1), emailOf('patient', 1)],
    name: documents.patients.map(({ name }) => name),
    family: ['Patient', 'Corner'],
    given: ['Corner'],
    code: ['123456'],
    specialization: ['General practice'],
    actor: [...doctors, ...patients],
    practitioner: doctors,
    patient: patients,
    date,
    _lastUpdated: date,
    birthdate: date,
    _id: all,
    identifier: all.map((id) => `urn:ietf:rfc:3986|urn:uuid:${id}`),
    status: ['booked', 'pending', 'cancelled', 'booked,pending', 'odd'],
    gender: ['female', 'male,female', 'odd'],
    active: ['true', 'false', 'maybe'],
    _count: ['1', '0', '500', '-1', 'x'],
    _after: ['x', 'bm90aGluZw'],
    _format: ['json', 'application/fhir+json', 'xml'],
    _pretty: ['true', 'x'],
    ...(path.endsWith('/erasure') && { confirmation: await confirmations(documents.patients, ask) }),
    ...(path.startsWith('/ical/') && { secret: [await feedSecret(documents.doctors[0]?.id, ask)] }),
  }
}

async function confirmations(patients: readonly { readonly id: string }[], ask: Ask): Promise<string[]> {
  const found = []
  for (const { id } of patients) found.push(JSON.parse(await ask('GET', `/api/v1/patients/${id}/erasure`)).confirmation)
  return found
}

async function feedSecret(doctorId: string | undefined, ask: Ask): Promise<string> {
  const text = await ask('POST', '/api/v1/calendar-feeds', { doctorId })
  return /\/ical\/([\w-]+)\.ics/.exec(text)?.[1] ?? ''
}

/** What the description leaves to FHIR, as this server tells it. */
async function fhirVisits(ask: Ask): Promise<unknown[]> {
  const bundle = JSON.parse(await ask('GET', '/fhir/r4/Appointment?date=ge2026-10-14&_count=20'))
  const entries = bundle.entry as readonly { readonly resource: Record<string, unknown> }[]
  return entries.flatMap(({ resource }) => {
    const { id: _, meta: __, ...fresh } = resource
    const start = Date.parse(String(resource.start)) + 3 * DAY_MS
    const later = { start: new Date(start).toISOString(), end: new Date(start + QUARTER_MS).toISOString() }
    return [resource, fresh, { ...fresh, ...later }, { ...resource, ...later }]
  })
}
