/** The bus over RabbitMQ. A broker that is away stops nothing: events stay in the outbox, and the connection comes back by itself. */
import { type Channel, type ChannelModel, type ConfirmChannel, connect, type RecoveringChannelModel } from 'amqplib'
import { type EventEnvelope, textOfEvent } from '#domain/events/envelope.ts'
import { CONSUMERS, SUBSCRIPTIONS } from '#domain/events/subscriptions.ts'
import type { NewId } from '#server/operations/new-id.ts'
import type { ConsumeDeps } from './consume-events.ts'
import { type BusLog, type Consumer, type EventBus, RETRY_DELAYS_MS } from './event-bus.ts'
import { type RabbitConsumerDeps, startRabbitConsumer } from './rabbit-consumer.ts'
import { collectParked } from './rabbit-parking.ts'
import { publishSafely } from './rabbit-publisher.ts'
import { declareTopology, type Topology, topologyOf } from './rabbit-topology.ts'

export type RabbitBusDeps = ConsumeDeps & {
  /** `amqp://` or `amqps://`. */
  readonly url: string
  readonly newId: NewId
  readonly log: BusLog
  /** Of the names at the broker. */
  readonly prefix?: string
  readonly retryDelaysMs?: readonly number[]
}

const RECOVERY = { initialDelay: 200, maxDelay: 5_000, factor: 2, jitter: 0.3 } as const
const ROUTED: ReadonlySet<string> = new Set(CONSUMERS.flatMap((name) => SUBSCRIPTIONS[name]))

/** What one connection holds; all of it is gone with the connection. */
type Line = {
  readonly publisher: ConfirmChannel
  readonly stops: readonly (() => Promise<void>)[]
}

class RabbitBus implements EventBus {
  readonly kind = 'rabbitmq'
  readonly #deps: RabbitBusDeps & RabbitConsumerDeps
  readonly #topology: Topology
  readonly #instance: string
  readonly #listeners = new Set<(notice: string) => void>()
  #consumers: readonly Consumer[] = []
  #connection: RecoveringChannelModel | undefined
  #line: Line | undefined

  constructor(deps: RabbitBusDeps) {
    this.#topology = topologyOf(deps.prefix ?? 'appointments')
    this.#deps = { ...deps, topology: this.#topology, retryDelaysMs: deps.retryDelaysMs ?? RETRY_DELAYS_MS }
    this.#instance = deps.newId()
  }

  async start(consumers: readonly Consumer[]): Promise<void> {
    this.#consumers = consumers
    const { log, url } = this.#deps
    const recovery = { ...RECOVERY, waitForConnect: false, setup: (model: ChannelModel) => this.#setUp(model) }
    this.#connection = await connect(url, { recovery, timeout: 10_000 })
    this.#connection.on('connect', () => log.info({}, 'connected to RabbitMQ'))
    this.#connection.on('disconnect', (error) => {
      this.#line = undefined
      log.warn({ err: error }, 'the connection to RabbitMQ is lost')
    })
    this.#connection.on('connect-failed', (error) => log.warn({ err: error }, 'RabbitMQ does not answer'))
    this.#connection.on('error', (error) => log.warn({ err: error }, 'RabbitMQ has reported an error'))
  }

  async #setUp(model: ChannelModel): Promise<void> {
    // Until this has ended nobody else listens; what it means is told by 'connect-failed'.
    model.on('error', () => undefined)
    const publisher = await model.createConfirmChannel()
    publisher.on('error', (error) => this.#deps.log.warn({ err: error }, 'a channel was closed'))
    await declareTopology(publisher, this.#topology, this.#deps.retryDelaysMs)
    await this.#hearNotices(await model.createChannel())
    const stops = []
    for (const consumer of this.#consumers) stops.push(await startRabbitConsumer(this.#deps, model, consumer))
    stops.push(await collectParked(this.#deps, model))
    this.#line = { publisher, stops }
  }

  async #hearNotices(channel: Channel): Promise<void> {
    channel.on('error', (error) => this.#deps.log.warn({ err: error }, 'a channel was closed'))
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true })
    await channel.bindQueue(queue, this.#topology.notices, '')
    await channel.consume(
      queue,
      (message) => {
        if (!message || message.properties.appId === this.#instance) return
        for (const listener of this.#listeners) listener(message.content.toString('utf8'))
      },
      { noAck: true },
    )
  }

  async publish(events: readonly EventEnvelope[]): Promise<ReadonlySet<string>> {
    const line = this.#line
    if (!line) return new Set()
    // What nobody wants needs no way.
    const unwanted = events.filter(({ type }) => !ROUTED.has(type)).map(({ id }) => id)
    const letters = events
      .filter(({ type }) => ROUTED.has(type))
      .map((event) => ({
        id: event.id,
        exchange: this.#topology.events,
        routingKey: event.type,
        body: textOfEvent(event),
      }))
    const safe = await publishSafely(line.publisher, letters)
    return new Set([...unwanted, ...safe])
  }

  redeliver: EventBus['redeliver'] = async (consumer, body) => {
    const line = this.#line
    if (!line) throw new Error('RabbitMQ does not answer')
    const letter = { id: '0', exchange: '', routingKey: this.#topology.queueOf(consumer), body }
    const safe = await publishSafely(line.publisher, [letter])
    if (safe.size === 0) throw new Error('RabbitMQ did not take the message')
  }

  tellOthers(notice: string): void {
    const options = { appId: this.#instance }
    try {
      this.#line?.publisher.publish(this.#topology.notices, '', Buffer.from(notice), options)
    } catch {
      // A notice may get lost: whoever waits for it compares heads from time to time.
    }
  }

  onNotice(listener: (notice: string) => void): void {
    this.#listeners.add(listener)
  }

  state: EventBus['state'] = async () => {
    const line = this.#line
    if (!line) return { isUp: false, queues: [] }
    try {
      const queues = []
      for (const consumer of CONSUMERS) {
        const { messageCount } = await line.publisher.checkQueue(this.#topology.queueOf(consumer))
        queues.push({ consumer, waiting: messageCount })
      }
      const { messageCount } = await line.publisher.checkQueue(this.#topology.parked)
      return { isUp: true, queues: [...queues, { consumer: 'parked', waiting: messageCount }] }
    } catch {
      return { isUp: false, queues: [] }
    }
  }

  async close(): Promise<void> {
    const line = this.#line
    for (const stop of line?.stops ?? []) await stop()
    this.#line = undefined
    await this.#connection?.close()
  }
}

export const createRabbitBus = (deps: RabbitBusDeps): EventBus => new RabbitBus(deps)
