/** A clinic's webhooks: made, changed and removed by whoever may manage them. Each change is a row of the audit. */
import { randomBytes } from 'node:crypto'
import type { Subject } from '#domain/access/can.ts'
import type { CreateWebhookBody, EditWebhookBody, Webhook } from '#domain/api/webhook-api.ts'
import { hours } from '#domain/time/instant.ts'
import { byWhom } from '#server/operations/audit-entry.ts'
import {
  deleteWebhookRow,
  findWebhookRow,
  insertWebhook,
  listWebhookRows,
  updateWebhook,
  type WebhookId,
  type WebhookRow,
} from '#server/repositories/webhooks.ts'
import { toWebhook, type WebhookDeps } from './webhook-deps.ts'

export type WebhookAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: 'not-found' | 'stale-revision' | 'address-not-allowed' }

const refuse = (reason: 'not-found' | 'stale-revision' | 'address-not-allowed') => ({ ok: false, reason }) as const

/** How long the secret before a rotation still signs beside the new one. */
const OVERLAP_MS = hours(24)

/** 256 bits in the spelling of Standard Webhooks: `whsec_` and base64. */
const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

export async function createWebhook(
  deps: WebhookDeps,
  subject: Subject,
  { url, eventTypes, description = '' }: CreateWebhookBody,
): Promise<WebhookAnswer<{ readonly webhook: Webhook; readonly secret: string }>> {
  if (!deps.isUrlAllowed(url)) return refuse('address-not-allowed')
  const id = deps.newId<'Webhook'>()
  const now = deps.now()
  const secret = newWebhookSecret()
  const row: WebhookRow = {
    id,
    clinic_id: subject.clinicId,
    url,
    description,
    event_types: JSON.stringify(eventTypes),
    secret: deps.seal.close(secret, id),
    previous_secret: null,
    previous_until: null,
    is_active: 1,
    disabled_reason: '',
    created_by: subject.userId,
    created_at: now,
    updated_at: now,
    revision: 1,
  }
  await deps.database.write((tx) => insertWebhook(tx, row))
  await note(deps, subject, 'webhook-created', id)
  return { ok: true, value: { webhook: toWebhook(row), secret } }
}

export async function listWebhooks({ database }: WebhookDeps, { clinicId }: Subject): Promise<Webhook[]> {
  const rows = await database.read((tx) => listWebhookRows(tx, clinicId))
  return rows.map(toWebhook)
}

export async function findWebhook({ database }: WebhookDeps, { clinicId }: Subject, id: WebhookId) {
  const row = await database.read((tx) => findWebhookRow(tx, { clinicId, id }))
  return row && toWebhook(row)
}

/** Changes what is given. A webhook that is switched on again gets what waited for it meanwhile. */
export async function editWebhook(
  deps: WebhookDeps,
  subject: Subject,
  id: WebhookId,
  wasSeen: (revision: number) => boolean,
  { url, eventTypes, description, isActive }: EditWebhookBody,
): Promise<WebhookAnswer<Webhook>> {
  if (url !== undefined && !deps.isUrlAllowed(url)) return refuse('address-not-allowed')
  const answer = await change(deps, subject, id, wasSeen, {
    ...(url !== undefined && { url }),
    ...(eventTypes && { event_types: JSON.stringify(eventTypes) }),
    ...(description !== undefined && { description }),
    ...(isActive !== undefined && { is_active: isActive ? 1 : 0, disabled_reason: '' }),
  })
  if (!answer.ok) return answer
  await note(deps, subject, 'webhook-changed', id)
  deps.kick()
  return { ok: true, value: toWebhook(answer.value) }
}

/** A new secret at once. For a day requests carry a signature by each, so that the receiver can change over in its own time. */
export async function rotateWebhookSecret(
  deps: WebhookDeps,
  subject: Subject,
  id: WebhookId,
): Promise<WebhookAnswer<{ readonly webhook: Webhook; readonly secret: string }>> {
  const secret = newWebhookSecret()
  const answer = await change(
    deps,
    subject,
    id,
    () => true,
    (before) => ({
      secret: deps.seal.close(secret, id),
      previous_secret: before.secret,
      previous_until: deps.now() + OVERLAP_MS,
    }),
  )
  if (!answer.ok) return answer
  await note(deps, subject, 'webhook-secret-rotated', id)
  return { ok: true, value: { webhook: toWebhook(answer.value), secret } }
}

export async function deleteWebhook(deps: WebhookDeps, subject: Subject, id: WebhookId): Promise<boolean> {
  const isDeleted = await deps.database.write((tx) => deleteWebhookRow(tx, { clinicId: subject.clinicId, id }))
  if (isDeleted) await note(deps, subject, 'webhook-deleted', id)
  return isDeleted
}

type Change = Partial<WebhookRow> | ((before: WebhookRow) => Partial<WebhookRow>)

function change(
  { database, now }: WebhookDeps,
  { clinicId }: Subject,
  id: WebhookId,
  wasSeen: (revision: number) => boolean,
  wanted: Change,
): Promise<WebhookAnswer<WebhookRow>> {
  return database.write(async (tx) => {
    const before = await findWebhookRow(tx, { clinicId, id })
    if (!before) return refuse('not-found')
    const part = { ...(typeof wanted === 'function' ? wanted(before) : wanted), updated_at: now() }
    if (!wasSeen(before.revision) || !(await updateWebhook(tx, before, part))) return refuse('stale-revision')
    return { ok: true, value: { ...before, ...part, revision: before.revision + 1 } }
  })
}

const note = ({ audit }: WebhookDeps, subject: Subject, action: string, id: WebhookId): Promise<void> =>
  audit({ ...byWhom(subject), action, collection: 'webhooks', documentIds: [id] })
