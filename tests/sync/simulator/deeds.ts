/** What each planned event does to the world. */
import { APPOINTMENT_STATUSES, findStep } from '#domain/appointment/appointment-status.ts'
import { NINE_O_CLOCK, testId } from '#tests/support/builders.ts'
import { aVisit, DOCTORS, placeAt, type Visit, withWord, wordsOf } from './documents.ts'
import type { Kind, PlannedEvent } from './plan.ts'
import { addTo, audiencesIn, type Seat, type World } from './world.ts'

type Deed = (world: World, seat: Seat, event: PlannedEvent) => void

const at = <Item>(items: readonly Item[], fraction: number): Item | undefined =>
  items[Math.floor(fraction * items.length)]

/** Writes a user's change on their device and in the ledger. */
function change(
  world: World,
  { number, client }: Seat,
  before: Visit | undefined,
  after: Visit,
  fields: readonly string[],
) {
  const word = world.nextWord()
  const visit: Visit = { ...after, note: before ? withWord(before, word) : word }
  const set = Object.fromEntries(fields.map((field) => [field, visit[field as keyof Visit]]))
  world.ledger.push({ word, client: number, documentId: visit.id, fields: set })
  world.note(`client ${number} changes ${visit.id.slice(-3)}: ${word} ${JSON.stringify(set)}`)
  client.write(visit)
}

/** One of the statuses that may follow, or now and then one that may not. */
function statusAfter({ status }: Visit, fraction: number) {
  const chosen = APPOINTMENT_STATUSES.filter((to) => to !== 'unplaced')
  const possible = chosen.filter((to) => findStep(status, to))
  return (fraction < 0.1 ? at(chosen, fraction * 10) : at(possible, (fraction - 0.1) / 0.9)) ?? status
}

function moved(visit: Visit, [, place, who]: PlannedEvent['picks']): Visit {
  const doctorId = who < 0.7 ? visit.doctorId : (at(DOCTORS, (who - 0.7) / 0.3) ?? visit.doctorId)
  const status = visit.status === 'unplaced' ? 'pending' : visit.status
  return { ...visit, ...placeAt(place), doctorId, status }
}

const onServer = (world: World, fraction: number): Visit | undefined =>
  at(
    [...world.store.tables.documents.values()].filter(({ _deleted }) => !_deleted),
    fraction,
  )

function command(world: World, before: Visit | undefined, after: Visit | undefined): void {
  const ruled = before && after && world.judge.command(before, after, world.now())
  if (ruled) world.commit([[before, ruled]])
}

/** A device dies and comes back as it was when it was last durable; what goes with that is excused, unless the server has it. */
function fallBack(world: World, seat: Seat): void {
  const { client, durable, number } = seat
  const kept = new Set([...durable.rows.values()].flatMap(({ fork }) => wordsOf(fork)))
  const notedNow = [...client.stored.overruled.values(), ...durable.overruled.values()]
  addTo(
    world.forgotten,
    number,
    [...client.stored.sent.keys()].filter((id) => !durable.sent.has(id)),
  )
  const noted = new Set(notedNow.map(({ documentId }) => documentId))
  for (const { word, client: owner, documentId } of world.ledger) {
    if (owner !== number) continue
    const isKnown = (world.store.versions.get(documentId) ?? []).some((visit) => wordsOf(visit).includes(word))
    if (noted.has(documentId) || !(isKnown || kept.has(word))) world.excused.add(word)
  }
  comeBack(world, seat, 'all')
}

/** Only the checkpoint was not yet durable: the documents are ahead of it. */
function fallBehind(world: World, seat: Seat): void {
  const { client, durable, number } = seat
  const { checkpoint, rows } = client.stored
  const known = audiencesIn(durable.checkpoint)
  const stubs = [...rows.values()].map(({ fork }) => fork).filter(({ _deleted }) => _deleted)
  if (audiencesIn(checkpoint).some((one) => !known.includes(one))) world.leaveUnswept(number, client.live().map(toId))
  world.leaveDropped(number, stubs.map(toId))
  comeBack(world, seat, 'checkpoint')
}

const toId = ({ id }: Visit): string => id

function comeBack(world: World, { client, durable, number }: Seat, what: 'all' | 'checkpoint'): void {
  world.network.cut(client.name)
  world.note(`client ${number} falls back: ${what}`)
  world.met.crashes += 1
  client.rewind(durable, what)
}

export const DEEDS: Record<Kind, Deed> = {
  note: (world, seat, { picks }) => {
    const visit = at(seat.client.live(), picks[0])
    if (visit) change(world, seat, visit, visit, [])
  },
  move: (world, seat, { picks }) => {
    const visit = at(seat.client.live(), picks[0])
    const isPlaced = visit && visit.status !== 'unplaced'
    const fields = ['start', 'end', 'doctorId', ...(isPlaced ? [] : ['status'])]
    if (visit) change(world, seat, visit, moved(visit, picks), fields)
  },
  status: (world, seat, { picks }) => {
    const visit = at(seat.client.live(), picks[0])
    if (!visit) return
    const status = statusAfter(visit, picks[1])
    if (status === visit.status) return
    const arrivedAt = status === 'arrived' ? NINE_O_CLOCK + world.scheduler.now + seat.skew : visit.arrivedAt
    change(world, seat, visit, { ...visit, status, arrivedAt }, ['status'])
  },
  book: (world, seat, { picks }) => {
    const doctorId = at(DOCTORS, picks[0]) ?? DOCTORS[0]
    const id = testId('Appointment', 100 + world.ledger.length)
    const createdAt = world.now() + seat.skew
    if (doctorId) change(world, seat, undefined, aVisit({ id, doctorId, ...placeAt(picks[1]), createdAt }), ['start'])
  },
  'server-move': (world, _, { picks }) => {
    const visit = onServer(world, picks[0])
    command(world, visit, visit && moved(visit, picks))
  },
  'server-status': (world, _, { picks }) => {
    const visit = onServer(world, picks[0])
    command(world, visit, visit && { ...visit, status: statusAfter(visit, picks[1]) })
  },
  'server-bulk': (world, _, { picks }) => {
    const doctorId = at(DOCTORS, picks[0])
    const visits = [...world.store.tables.documents.values()].filter(
      (visit) => visit.doctorId === doctorId && !visit._deleted,
    )
    const word = world.nextWord()
    world.note(`server writes ${word} on ${visits.length} visits`)
    if (visits.length > 0) world.commit(visits.map((visit) => [visit, { ...visit, note: withWord(visit, word) }]))
  },
  'server-delete': (world, _, { picks }) => {
    const visit = onServer(world, picks[0])
    if (visit) world.commit([[visit, { ...visit, _deleted: true }]])
  },
  offline: (world, { client }) => {
    client.disconnect()
    world.network.cut(client.name)
  },
  online: (_, { client }) => client.connect(),
  cut: (world, { client }) => {
    world.network.cut(client.name)
    if (client.isOnline) client.connect()
  },
  durable: (_, seat) => {
    seat.durable = seat.client.snapshot()
  },
  crash: fallBack,
  'checkpoint-behind': fallBehind,
  revoke: (world, seat, { picks }) => {
    const doctorId =
      seat.full.doctorId && picks[0] < 0.5 ? (DOCTORS.find((id) => id !== seat.full.doctorId) ?? null) : null
    seat.subject = { ...seat.full, doctorId, grants: doctorId ? seat.full.grants : [] }
    world.met.revocations += 1
    world.note(`client ${seat.number} loses its audience${doctorId ? ' and gets another' : ''}`)
    if (picks[1] < 0.5 && seat.client.isOnline) world.network.toClient(seat.client.name, () => seat.client.poke())
  },
  grant: (world, seat, { picks }) => {
    seat.subject = seat.full
    world.note(`client ${seat.number} has its audience`)
    if (picks[1] < 0.5 && seat.client.isOnline) world.network.toClient(seat.client.name, () => seat.client.poke())
  },
  backup: (world) => {
    world.backup = world.store.copy()
  },
  restore: (world) => {
    const { backup } = world
    if (!backup) return
    world.note('server is restored from a backup')
    world.restore(backup)
    world.backup = null
    for (const { client } of world.seats) if (client.isOnline) client.connect()
  },
}
