import { useState } from 'react'
import type { ChangeOf } from '#domain/api/availability-api.ts'
import type { DoctorId } from '#domain/ids.ts'
import { isLocalDay, isLocalTime } from '#domain/time/clinic-time.ts'

export type DatedKind = 'leave' | 'extra-hours'

export type LeaveFields = {
  readonly kind: DatedKind
  readonly from: string
  readonly to: string
  readonly isWhole: boolean
  readonly startTime: string
  readonly endTime: string
  readonly note: string
}

const EMPTY: LeaveFields = {
  kind: 'leave',
  from: '',
  to: '',
  isWhole: true,
  startTime: '09:00',
  endTime: '13:00',
  note: '',
}

export type LeaveDraft = {
  readonly fields: LeaveFields
  readonly set: (part: Partial<LeaveFields>) => void
  readonly read: () => DatedWish
}
export type DatedWish =
  | { readonly ok: true; readonly change: ChangeOf<'leave'> & { startTime: string; endTime: string; note: string } }
  | { readonly ok: true; readonly change: ChangeOf<'extra-hours'> }
  | { readonly ok: false; readonly problem: 'say-days' | 'backwards' }

/** What is typed about days that differ, and the change it asks for. */
export function useLeaveDraft(doctorId: DoctorId): LeaveDraft {
  const [fields, setFields] = useState(EMPTY)
  return {
    fields,
    set: (part) => setFields((current) => ({ ...current, ...part })),
    read: () => wishOf(doctorId, fields),
  }
}

function wishOf(doctorId: DoctorId, fields: LeaveFields): DatedWish {
  const { kind, from, note } = fields
  const to = fields.to === '' ? from : fields.to
  const isWhole = kind === 'leave' && fields.isWhole
  const [startTime, endTime] = isWhole ? ['00:00', '00:00'] : [fields.startTime, fields.endTime]
  if (!isLocalDay(from) || !isLocalDay(to) || !isLocalTime(startTime) || !isLocalTime(endTime)) {
    return { ok: false, problem: 'say-days' }
  }
  if (kind === 'extra-hours') return { ok: true, change: { kind, doctorId, date: from, startTime, endTime, note } }
  if (to < from) return { ok: false, problem: 'backwards' }
  return { ok: true, change: { kind, doctorId, from, to, startTime, endTime, note } }
}
