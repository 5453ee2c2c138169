/**
 * Leases times to the device that asks: of every doctor its user may book for others, today and tomorrow, up to the clinic's
 * policy. Which times is the server's to say, under the clinic's lock, so that none is leased twice. Asked again it only makes up
 * what is missing.
 */
import { can, type Subject } from '#domain/access/can.ts'
import type { AllotmentList } from '#domain/api/allotment-api.ts'
import type { AppointmentType } from '#domain/appointment/appointment-schemas.ts'
import type { PatientId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import {
  type Allotment,
  chooseAllotments,
  isKeptBy,
  isLive,
  type Leaseholder,
  mostAllotments,
  typeToKeep,
} from '#domain/schedule/allotment.ts'
import type { Interval } from '#domain/schedule/interval.ts'
import { hoursPublished, PUBLISH_MODES } from '#domain/schedule/slot-search.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { addDays, type LocalDay, localDayOf } from '#domain/time/clinic-time.ts'
import { lockOpenAllotments, lockOpenAllotmentsOn } from '#server/repositories/allotments.ts'
import { getClinic } from '#server/repositories/clinic-rows.ts'
import { findDeviceName } from '#server/repositories/devices.ts'
import { listSchedules, listTemplates } from '#server/repositories/hours.ts'
import { listActiveDoctors } from '#server/repositories/people.ts'
import { leaseholderOf } from './allotments-in-the-way.ts'
import { authorName } from './author-of.ts'
import { toDocument } from './book-appointment.ts'
import { findReferences, typesOf } from './booking-references.ts'
import type { BookingDeps } from './change-appointment.ts'
import { decideTime } from './decide-booking.ts'
import { policiesOf } from './policies-of.ts'
import { saveDocument } from './save-document.ts'
import { slotsPerDoctor } from './search-slots.ts'
import { askerToBook, openScope } from './slot-scope.ts'
import { tellOfHolds } from './tell-of-holds.ts'
import type { WriteContext } from './write-context.ts'

/** Today and tomorrow: an outage over night leaves a device with the next morning. */
const DAYS = 2
/** Stands for the patient, who is not known yet: no visit is anybody's of this id, so nobody is busy. */
const NOBODY = '00000000-0000-0000-0000-000000000000' as PatientId

export type LeaseAnswer =
  | ({ readonly ok: true } & AllotmentList)
  | { readonly ok: false; readonly reason: 'not-allowed' }

/** @returns all that the device keeps from then on; nothing where the session names no device. Not for who books for themselves alone. */
export function leaseAllotments({ writer }: BookingDeps, subject: Subject): Promise<LeaseAnswer> {
  return writer.submit<LeaseAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const doctors = (await listActiveDoctors(ctx.tx, ctx.clinicId)).filter(({ id, clinicId }) =>
        can(subject, 'book-appointment', { clinicId, doctorId: id }),
      )
      if (doctors.length === 0) return { ok: false, value: { ok: false, reason: 'not-allowed' } }
      const holder = leaseholderOf(subject)
      const { allotmentOneIn } = await policiesOf(ctx)
      if (holder && allotmentOneIn > 0) await leaseFor(ctx, subject, holder, doctors)
      return { ok: true, value: { ok: true, allotments: await listOwnAllotments(ctx, holder) } }
    },
  })
}

/** What a device keeps at the moment, in order of time. */
export async function listOwnAllotments(ctx: WriteContext, holder: Leaseholder | null): Promise<Allotment[]> {
  if (!holder) return []
  const open = await lockOpenAllotments(ctx.tx, ctx.clinicId, { deviceId: holder.deviceId })
  return open
    .filter((one) => isKeptBy(one, holder) && isLive(one, ctx.now))
    .map(({ _deleted, ...one }) => one)
    .toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))
}

type Leasing = {
  readonly ctx: WriteContext
  readonly subject: Subject
  readonly holder: Leaseholder
  readonly days: readonly LocalDay[]
  /** Of both days, whoever keeps it. */
  readonly kept: readonly Allotment[]
}

async function leaseFor(
  ctx: WriteContext,
  subject: Subject,
  holder: Leaseholder,
  doctors: readonly Doctor[],
): Promise<void> {
  const { zone } = await getClinic(ctx.tx, ctx.clinicId)
  const today = localDayOf(ctx.now, zone)
  const days = Array.from({ length: DAYS }, (_, index) => addDays(today, index))
  const kept = await lockOpenAllotmentsOn(ctx.tx, ctx.clinicId, days)
  const types = [...(await typesOf(ctx)).values()].filter(({ _deleted }) => !_deleted)
  const byType = Map.groupBy(doctors, ({ id }) => typeToKeep(types, id))
  for (const [type, offering] of byType) {
    if (type) await leaseOfType({ ctx, subject, holder, days, kept }, type, offering)
  }
}

/** Doctors whose times are of one length are searched together. */
async function leaseOfType(leasing: Leasing, type: AppointmentType, doctors: readonly Doctor[]): Promise<void> {
  const { ctx, subject, days } = leasing
  const opened = await openScope(ctx.tx, subject, { typeId: type.id }, { now: ctx.now, askerOf: askerToBook })
  const [from, until] = [days[0], days.at(-1)]
  if (!opened.ok || !from || !until) return
  const { scope } = opened
  const seekers = scope.seekers.filter(
    ({ doctor, asker }) => asker === 'staff' && doctors.some(({ id }) => id === doctor.id),
  )
  const search = { from, until, stepMinutes: type.durationMinutes }
  const free = await slotsPerDoctor(ctx.tx, { ...scope, seekers }, search)
  for (const [index, { doctor }] of seekers.entries()) {
    const isOn = (day: LocalDay) => (time: Interval) => localDayOf(time.start, scope.zone) === day
    for (const day of days)
      await leaseOfDay(leasing, { type, doctor, day, free: (free[index] ?? []).filter(isOn(day)) })
  }
}

type OneDay = {
  readonly type: AppointmentType
  readonly doctor: Doctor
  readonly day: LocalDay
  readonly free: readonly Interval[]
}

async function leaseOfDay({ ctx, subject, holder, kept }: Leasing, { type, doctor, day, free }: OneDay): Promise<void> {
  const { allotmentOneIn } = await policiesOf(ctx)
  const most = mostAllotments(await hoursOn(ctx, doctor, day), type.durationMinutes, allotmentOneIn)
  const ofDay = kept.filter(({ doctorId, date }) => doctorId === doctor.id && date === day)
  const known = ofDay.map((one) => ({ start: one.start, end: one.end, isOwn: isKeptBy(one, holder) }))
  // Asked anew after each, because the next one may need the room that this one took.
  for (const time of chooseAllotments({ free: free.filter(({ start }) => start > ctx.now), kept: known, most })) {
    await leaseOne(ctx, subject, holder, { type, doctor, day, time })
  }
}

const hoursOn = ({ tx, clinicId, recall }: WriteContext, { id }: Doctor, day: LocalDay): Promise<readonly Interval[]> =>
  recall(`hours on/${id}/${day}`, async () => {
    const templates = await listTemplates(tx, clinicId, [id])
    const schedules = await listSchedules(tx, clinicId, [id], { from: addDays(day, -2), until: addDays(day, 2) })
    return hoursPublished({ templates, schedules }, { from: day, until: day }, PUBLISH_MODES)
  })

/** A lease is decided like the visit it is for, leases of one's own included. */
async function leaseOne(
  ctx: WriteContext,
  subject: Subject,
  holder: Leaseholder,
  { type, doctor, day, time }: Omit<OneDay, 'free'> & { readonly time: Interval },
): Promise<void> {
  const { clinicId, now } = ctx
  const named = { doctorId: doctor.id, typeId: type.id }
  const found = await findReferences(ctx, { ...named, patientId: null, locationId: null })
  if (!found.ok) return
  const wanted = await toDocument(ctx, { ...named, patientId: NOBODY, start: time.start }, time.start)
  const question = { subject, door: ctx.door, wanted, current: null, references: found.references, isLease: true }
  const claim = await decideTime(ctx, question)
  if (!claim.ok) return
  const lease: WireDocument<'allotments'> = {
    id: ctx.newId<'Allotment'>(),
    clinicId,
    ...named,
    ...holder,
    date: day,
    start: wanted.start,
    end: wanted.end,
    roomId: claim.roomId,
    equipmentIds: claim.equipmentIds,
    deviceName:
      (await ctx.readOnce(`devices/${holder.deviceId}`, () => findDeviceName(ctx.tx, clinicId, holder.deviceId))) ?? '',
    heldByName: await authorName(ctx),
    status: 'open',
    endedAt: null,
    endedByName: '',
    createdAt: now,
    revision: 0,
    _deleted: false,
  }
  await saveDocument(ctx, 'allotments', null, lease)
  tellOfHolds(ctx, doctor.id)
}
