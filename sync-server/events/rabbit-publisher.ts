/** Publishing that is known to have arrived: persistent, routed and confirmed, or not counted as sent. */
import { once } from 'node:events'
import type { ConfirmChannel, Options } from 'amqplib'
import { seconds } from '#domain/time/instant.ts'

export type Letter = {
  readonly exchange: string
  readonly routingKey: string
  readonly body: string
  /** Of the letter; in the answer it stands for it. */
  readonly id: string
  readonly headers?: Readonly<Record<string, string | number>>
}

/** A broker that takes longer may have failed over: the letter is sent again. */
const PATIENCE_MS = seconds(5)

/** @returns the ids of the letters that at least one queue has taken safely */
export async function publishSafely(channel: ConfirmChannel, letters: readonly Letter[]): Promise<ReadonlySet<string>> {
  const safe = new Set<string>()
  const unroutable = new Set<string>()
  const noteReturned = ({ properties }: { properties: { messageId?: string } }) =>
    void unroutable.add(properties.messageId ?? '')
  channel.on('return', noteReturned)
  const answered = letters.map(
    (letter) =>
      new Promise<void>((resolve) => {
        const options: Options.Publish = {
          persistent: true,
          mandatory: true,
          messageId: letter.id,
          contentType: 'application/json',
          ...(letter.headers && { headers: { ...letter.headers } }),
        }
        channel.publish(letter.exchange, letter.routingKey, Buffer.from(letter.body), options, (error: unknown) => {
          if (!error) safe.add(letter.id)
          resolve()
        })
      }),
  )
  await untilPatienceEnds(channel, Promise.all(answered))
  channel.off('return', noteReturned)
  for (const id of unroutable) safe.delete(id)
  return safe
}

async function untilPatienceEnds(channel: ConfirmChannel, answered: Promise<unknown>): Promise<void> {
  const leaving = new AbortController()
  const { signal } = leaving
  const timer = new Promise<void>((resolve) => {
    const timeout = setTimeout(resolve, PATIENCE_MS)
    signal.addEventListener('abort', () => clearTimeout(timeout))
  })
  const closed = once(channel, 'close', { signal }).catch(() => undefined)
  await Promise.race([answered, timer, closed])
  leaving.abort()
}
