/** Keeps deliveries going: looks when an event has come and from time to time, and sends what is due, a few at a time. */
import type { Instant } from '#domain/time/instant.ts'
import { claimTries, settleTry, type Try } from '#server/operations/webhooks/deliver-webhooks.ts'
import type { WebhookDeps } from '#server/operations/webhooks/webhook-deps.ts'
import { type PostDeps, postWebhook } from './post-webhook.ts'

export type WebhookRelay = {
  /** Something has come, or is due again: look soon. */
  kick(): void
  /** Resolves when everything that is due now was tried once. */
  drain(): Promise<void>
  close(): Promise<void>
}

export type WebhookRelayDeps = Pick<WebhookDeps, 'database' | 'newId' | 'seal'> &
  PostDeps & {
    readonly now: () => Instant
    /** In [0, 1). */
    readonly random: () => number
    /** Codes and counts only: an address may be secret too. */
    readonly log: { warn(fields: object, text: string): void; error(fields: object, text: string): void }
  }

const AT_ONCE = 8
/** One receiver that hangs must not hold up the others. */
const AT_ONCE_PER_WEBHOOK = 2
const LOOK_EVERY_MS = 5_000
/** Commits come in crowds: one look serves those of this long. */
const GATHER_MS = 100

export function createWebhookRelay(deps: WebhookRelayDeps): WebhookRelay {
  const underWay = new Map<Promise<void>, Try>()
  let working: Promise<void> | undefined
  let gathering: NodeJS.Timeout | undefined
  let isClosed = false

  const send = (one: Try): void => {
    const sending = tryOnce(deps, one)
      .catch((error: unknown) => deps.log.error({ err: error }, 'the end of a webhook try could not be noted'))
      .finally(() => {
        underWay.delete(sending)
        kick()
      })
    underWay.set(sending, one)
  }
  const sendDue = async (): Promise<void> => {
    while (!isClosed && underWay.size < AT_ONCE) {
      const tries = await claimTries(deps, Math.min(AT_ONCE - underWay.size, AT_ONCE_PER_WEBHOOK), restingNow(underWay))
      if (tries.length === 0) return
      for (const one of tries) send(one)
    }
  }
  const look = (): Promise<void> => {
    working ??= sendDue()
      .catch((error: unknown) => deps.log.error({ err: error }, 'webhook deliveries could not be read'))
      .finally(() => {
        working = undefined
      })
    return working
  }
  const kick = (): void => {
    if (isClosed) return
    gathering ??= setTimeout(() => {
      gathering = undefined
      void look()
    }, GATHER_MS)
    gathering.unref()
  }
  const timer = setInterval(kick, LOOK_EVERY_MS)
  timer.unref()
  return {
    kick,
    drain: async () => {
      await working
      await look()
      while (underWay.size > 0) {
        await Promise.all(underWay.keys())
        await look()
      }
    },
    close: async () => {
      isClosed = true
      clearInterval(timer)
      clearTimeout(gathering)
      await working
      await Promise.all(underWay.keys())
    },
  }
}

/** Webhooks with as many tries under way as they may have. */
function restingNow(underWay: ReadonlyMap<Promise<void>, Try>) {
  const ids = [...underWay.values()].map(({ row }) => row.webhook_id)
  return [...new Set(ids)].filter((id) => ids.filter((each) => each === id).length >= AT_ONCE_PER_WEBHOOK)
}

async function tryOnce(deps: WebhookRelayDeps, one: Try): Promise<void> {
  const { row, url, secrets } = one
  const timestamp = Math.floor(deps.now() / 1000)
  const result = await postWebhook(deps, { url, id: row.event_id, body: row.body, timestamp, secrets })
  const isFine = 'status' in result && result.status >= 200 && result.status < 300
  if (!isFine) deps.log.warn({ attempts: row.attempts, ...result }, 'a webhook delivery was not accepted')
  await settleTry(deps, one, result, deps.random())
}
