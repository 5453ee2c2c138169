/**
 * Changes of availability in two steps: what the change would strand, then the change, when that is still true. Nothing is ever
 * cancelled by it: visits keep their time, and those outside the hours become the worklist of `find-stranded.ts`.
 */
import type { Subject } from '#domain/access/can.ts'
import type { Applied, ApplyBody, AvailabilityChange, Impact } from '#domain/api/availability-api.ts'
import type { Rejection } from '#domain/sync/rejection-reasons.ts'
import type { Instant } from '#domain/time/instant.ts'
import type { Database } from '#server/database/database.ts'
import { insertClosure, updateClosure } from '#server/repositories/closures.ts'
import type { NoteAccess } from './access-audit.ts'
import { byWhom } from './audit-entry.ts'
import { findImpact, toImpact, tokenOf } from './availability-impact.ts'
import type { Plan, PlanAnswer, PlannedWrite, Planning } from './availability-plan.ts'
import { changeSchedule } from './change-schedule.ts'
import type { ClinicWriter } from './clinic-writer.ts'
import type { NewId } from './new-id.ts'
import { planClosures, planReopening } from './plan-closures.ts'
import { planDeactivation, planExtraHours, planLeave, planWithdrawal } from './plan-dated-hours.ts'
import { planAddedHours, planChangedHours, planEndedHours, planReplacedHours } from './plan-weekly-hours.ts'
import { saveDocument } from './save-document.ts'
import type { Outcome, WriteContext } from './write-context.ts'

export type AvailabilityDeps = {
  readonly database: Database
  readonly writer: ClinicWriter
  readonly now: () => Instant
  readonly newId: NewId
  readonly audit: NoteAccess
}

export type PreviewAnswer = { readonly ok: true; readonly impact: Impact } | Extract<PlanAnswer, { ok: false }>

/** What a change would do. It writes nothing but the audit row of the visits it shows. */
export async function previewAvailability(
  { database, now, newId, audit }: AvailabilityDeps,
  subject: Subject,
  change: AvailabilityChange,
): Promise<PreviewAnswer> {
  const answer = await database.read(async (tx): Promise<PreviewAnswer> => {
    const planning = { tx, subject, clinicId: subject.clinicId, now: now(), newId }
    const seen = await look(planning, change)
    return seen.ok ? { ok: true, impact: seen.impact } : seen
  })
  if (answer.ok) await noteShown(audit, subject, answer.impact)
  return answer
}

export type ApplyAnswer =
  | { readonly ok: true; readonly applied: Applied }
  | { readonly ok: false; readonly rejection: Rejection }
  /** Not what was previewed, or visits would be stranded where none may be: nothing was changed, and this is what would be. */
  | { readonly ok: false; readonly reason: 'impact-changed' | 'would-strand-visits'; readonly impact: Impact }

/** Makes a change whose impact the caller has seen. */
export async function applyAvailability(
  { writer, audit }: AvailabilityDeps,
  subject: Subject,
  { change, mode, impact: seen }: ApplyBody,
): Promise<ApplyAnswer> {
  const answer = await writer.submit<ApplyAnswer>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx) => {
      const looked = await look({ ...ctx, subject }, change)
      if (!looked.ok) return refused(looked)
      const { plan, impact } = looked
      const mayStrand = mode !== 'refuse-if-stranded'
      if (!mayStrand && impact.stranded > 0) return refused({ ok: false, reason: 'would-strand-visits', impact })
      const isSeen = seen === undefined ? !mayStrand : seen === impact.impact
      if (!isSeen) return refused({ ok: false, reason: 'impact-changed', impact })
      const rejection = await write(ctx, subject, plan)
      if (rejection) return refused({ ok: false, rejection })
      const shown = mode === 'apply-and-list' ? impact : { ...impact, visits: [], unlisted: impact.stranded }
      return { ok: true, value: { ok: true, applied: { ...idsOf(plan), ...shown } } }
    },
  })
  if (answer.ok) await noteShown(audit, subject, answer.applied)
  else if ('impact' in answer) await noteShown(audit, subject, answer.impact)
  return answer
}

const refused = (value: ApplyAnswer): Outcome<ApplyAnswer> => ({ ok: false, value })

type Looked = { readonly ok: true; readonly plan: Plan; readonly impact: Impact } | Extract<PlanAnswer, { ok: false }>

async function look(planning: Planning, change: AvailabilityChange): Promise<Looked> {
  const answer = await plan(planning, change)
  if (!answer.ok) return answer
  const stranded = await findImpact(planning, answer.plan)
  const token = tokenOf(change, answer.plan, stranded)
  return { ok: true, plan: answer.plan, impact: toImpact(planning.subject, token, stranded) }
}

function plan(planning: Planning, change: AvailabilityChange): Promise<PlanAnswer> {
  switch (change.kind) {
    case 'add-hours':
      return planAddedHours(planning, change)
    case 'replace-hours':
      return planReplacedHours(planning, change)
    case 'change-hours':
      return planChangedHours(planning, change)
    case 'end-hours':
      return planEndedHours(planning, change)
    case 'leave':
      return planLeave(planning, change)
    case 'extra-hours':
      return planExtraHours(planning, change)
    case 'withdraw':
      return planWithdrawal(planning, change)
    case 'deactivate-doctor':
      return planDeactivation(planning, change)
    case 'close':
      return planClosures(planning, change)
    case 'reopen':
      return planReopening(planning, change)
  }
}

async function write(ctx: WriteContext, subject: Subject, { writes, closures }: Plan): Promise<Rejection | undefined> {
  // Schedules name their closure, so that comes first.
  for (const { closure, isNew, isDeleted } of closures) {
    if (isNew) await insertClosure(ctx.tx, closure, ctx.now)
    else await updateClosure(ctx.tx, closure, ctx.now, isDeleted)
  }
  for (const each of writes) {
    const rejection = await writeOne(ctx, subject, each)
    if (rejection) return rejection
  }
  return undefined
}

async function writeOne(ctx: WriteContext, subject: Subject, each: PlannedWrite): Promise<Rejection | undefined> {
  if (each.name === 'doctors') await saveDocument(ctx, 'doctors', each.before, each.after)
  else if (each.name === 'schedule_templates') await saveDocument(ctx, 'schedule_templates', each.before, each.after)
  // What a closure writes is nobody's leave: who closed the clinic has seen the list, and it stays the worklist.
  else if (each.after.closureId !== null) await saveDocument(ctx, 'schedules', each.before, each.after)
  else {
    const answer = await changeSchedule(ctx, subject, each.before, each.after)
    if (!answer.ok) return answer.rejection
  }
  return undefined
}

function idsOf({ writes, closures }: Plan): Pick<Applied, 'templates' | 'schedules' | 'closures'> {
  return {
    templates: writes.flatMap((each) => (each.name === 'schedule_templates' ? [each.after.id] : [])),
    schedules: writes.flatMap((each) => (each.name === 'schedules' ? [each.after.id] : [])),
    closures: closures.map(({ closure }) => closure.id),
  }
}

/** Durable before the answer leaves. */
async function noteShown(audit: NoteAccess, subject: Subject, { visits }: Pick<Impact, 'visits'>): Promise<void> {
  if (visits.length === 0) return
  const documentIds = visits.map(({ id }) => id)
  await audit({ ...byWhom(subject), action: 'read', collection: 'appointments', documentIds })
}
