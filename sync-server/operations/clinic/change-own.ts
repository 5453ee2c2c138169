/** Rows of a clinic that no device replicates: made and changed under its lock, each with its audit row. */
import { can, type Subject } from '#domain/access/can.ts'
import type { Permission } from '#domain/access/permissions.ts'
import { canonicalText } from '#domain/sync/canonical.ts'
import { kindOfDatabaseError } from '#server/database/errors.ts'
import type { ClinicWriter } from '#server/operations/clinic-writer.ts'
import { type SeenRevision, wasSeen } from '#server/operations/seen-revision.ts'
import type { Outcome, WriteContext } from '#server/operations/write-context.ts'

export type ClinicDeps = { readonly writer: ClinicWriter }

type OwnRow = { readonly id: string; readonly revision: number }
export type OwnRefusal = {
  readonly ok: false
  readonly reason:
    | 'not-allowed'
    | 'not-found'
    | 'stale-revision'
    | 'already-exists'
    | 'unknown-reference'
    | 'unknown-zone'
  readonly field?: string
}
export type OwnAnswer<Row> = { readonly ok: true; readonly row: Row } | OwnRefusal

export const refuseOwn = (reason: OwnRefusal['reason'], field?: string): OwnRefusal => ({
  ok: false,
  reason,
  ...(field !== undefined && { field }),
})

type Kind<Row> = {
  readonly table: 'clinics' | 'locations' | 'equipment'
  readonly permission: Permission
  readonly find: (ctx: WriteContext, id: string) => Promise<Row | undefined>
  readonly insert?: (ctx: WriteContext, row: Row) => Promise<void>
  readonly update: (ctx: WriteContext, row: Row) => Promise<void>
  /** What must hold beyond the shape. */
  readonly check?: (ctx: WriteContext, row: Row) => Promise<OwnRefusal | undefined>
}

/**
 * Adds a row. An id of the client's that is taken is a refusal, unless the row under it is the one asked for: then the first
 * answer was lost, and is given again.
 */
export function addOwn<Row extends OwnRow>(
  deps: ClinicDeps,
  subject: Subject,
  kind: Kind<Row>,
  wantedOf: (ctx: WriteContext) => Row,
): Promise<OwnAnswer<Row>> {
  return submit(deps, subject, kind, async (ctx) => {
    const row = wantedOf(ctx)
    const taken = await kind.find(ctx, row.id)
    if (taken) return isSame(taken, row) ? { ok: true, row: taken } : refuseOwn('already-exists', 'id')
    const refusal = await kind.check?.(ctx, row)
    if (refusal) return refusal
    if (!(await insertUnlessTaken(ctx, kind, row))) return refuseOwn('already-exists', 'id')
    note(ctx, kind, row, 'created')
    return { ok: true, row }
  })
}

/** False when another clinic has a row of that id: then the answer is the same as for one of the own. */
async function insertUnlessTaken<Row>(ctx: WriteContext, { insert }: Kind<Row>, row: Row): Promise<boolean> {
  try {
    await insert?.(ctx, row)
    return true
  } catch (error) {
    if (kindOfDatabaseError(error) === 'duplicate') return false
    throw error
  }
}

/** Changes the fields that are given; what changes nothing writes nothing. */
export function changeOwn<Row extends OwnRow>(
  deps: ClinicDeps,
  subject: Subject,
  kind: Kind<Row>,
  { id, seen, apply }: { readonly id: string; readonly seen: SeenRevision; readonly apply: (row: Row) => Row },
): Promise<OwnAnswer<Row>> {
  return submit(deps, subject, kind, async (ctx) => {
    const current = await kind.find(ctx, id)
    if (!current) return refuseOwn('not-found')
    if (!wasSeen(seen, current.revision)) return refuseOwn('stale-revision', 'revision')
    const wanted = apply(current)
    if (isSame(current, wanted)) return { ok: true, row: current }
    const refusal = await kind.check?.(ctx, wanted)
    if (refusal) return refusal
    const row = { ...wanted, revision: current.revision + 1 }
    await kind.update(ctx, row)
    note(ctx, kind, row, 'changed')
    return { ok: true, row }
  })
}

function submit<Row extends OwnRow>(
  { writer }: ClinicDeps,
  subject: Subject,
  { permission }: Kind<Row>,
  run: (ctx: WriteContext) => Promise<OwnAnswer<Row>>,
): Promise<OwnAnswer<Row>> {
  return writer.submit<OwnAnswer<Row>>(subject.clinicId, 'interactive', {
    subject,
    door: 'rest',
    run: async (ctx): Promise<Outcome<OwnAnswer<Row>>> => {
      const isAllowed = can(subject, permission, { clinicId: ctx.clinicId })
      const value = isAllowed ? await run(ctx) : refuseOwn('not-allowed')
      return { ok: value.ok, value }
    },
  })
}

/** All but the counts of writes. */
const isSame = <Row extends OwnRow>(a: Row, b: Row): boolean =>
  canonicalText({ ...a, revision: 0, updatedAt: 0 }) === canonicalText({ ...b, revision: 0, updatedAt: 0 })

function note(
  ctx: WriteContext,
  { table }: Pick<Kind<never>, 'table'>,
  { id, revision }: OwnRow,
  action: string,
): void {
  // Moves the counter: other servers remember hours and places as long as it stands.
  ctx.nextSeq()
  ctx.forget()
  const detail = { door: ctx.door, revision }
  ctx.addAudit({ userId: ctx.subject?.userId ?? null, action, collection: table, documentIds: [id], detail })
}
