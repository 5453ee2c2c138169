import { can, type Subject } from '#domain/access/can.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import type { WireDocument } from '#domain/sync/collections.ts'
import { zoneOf } from '#server/operations/booking-references.ts'
import { saveDocument } from '#server/operations/save-document.ts'
import type { WriteContext } from '#server/operations/write-context.ts'
import { findDoctorOfUser, isMember } from '#server/repositories/people.ts'
import type { Written } from './written.ts'

type Doctor = WireDocument<'doctors'>

/** What doctors may change about themselves, where a role says so. */
const PROFILE: readonly (keyof Doctor)[] = ['bio', 'languages']

/** Adds or changes a doctor. A linked account belongs to this clinic and to no other doctor of it. */
export async function changeDoctor(
  ctx: WriteContext,
  subject: Subject,
  current: Doctor | null,
  wanted: Doctor,
): Promise<Written<'doctors'>> {
  const { clinicId } = ctx
  if (!mayChange(subject, { ...wanted, clinicId }, current)) return refuse('not-allowed')
  if (wanted.name.trim() === '') return refuse('invalid-document', 'name')
  if (!(await zoneOf(ctx, wanted.locationId))) return refuse('unknown-reference', 'locationId')
  if (wanted.userId !== null && wanted.userId !== current?.userId) {
    if (!(await isMember(ctx.tx, clinicId, wanted.userId))) return refuse('unknown-reference', 'userId')
    const other = await findDoctorOfUser(ctx.tx, clinicId, wanted.userId)
    if (other && other !== wanted.id) return refuse('already-exists', 'userId')
  }
  return { ok: true, stored: await saveDocument(ctx, 'doctors', current, { ...wanted, clinicId }) }
}

function mayChange(subject: Subject, wanted: Doctor, current: Doctor | null): boolean {
  const { clinicId } = wanted
  if (can(subject, 'manage-doctors', { clinicId })) return true
  if (!current || !can(subject, 'manage-doctors', { clinicId, doctorId: current.id })) return false
  const withoutProfile = (doctor: Doctor) =>
    canonicalText(Object.fromEntries(Object.entries(doctor).filter(([field]) => !PROFILE.includes(field as never))))
  return withoutProfile(wanted) === withoutProfile(current)
}

const refuse = (
  reason: 'not-allowed' | 'invalid-document' | 'unknown-reference' | 'already-exists',
  field?: string,
): Written<'doctors'> => ({ ok: false, rejection: { reason, ...(field !== undefined && { field }) } })
