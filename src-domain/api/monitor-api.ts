/** What the REST API says of the system itself: counts and times, nothing about anybody. */
import Type from 'typebox'
import { instantSchema, nullable, oneOf } from '#domain/schema-parts.ts'

const strict = { additionalProperties: false } as const
const count = Type.Integer({ minimum: 0 })
const status = Type.String()

export const ALERT_CODES = [
  'messages-parked',
  'messages-failed',
  'scheduler-silent',
  'scheduler-missing',
  'reminders-late',
  'events-waiting',
  'broker-down',
] as const
export type AlertCode = (typeof ALERT_CODES)[number]

export const systemStateSchema = Type.Object(
  {
    /** Events that the bus does not have yet. */
    outbox: Type.Object({ count, oldestAt: nullable(instantSchema()) }, strict),
    bus: Type.Object(
      {
        kind: oneOf(['in-process', 'rabbitmq']),
        isUp: Type.Boolean(),
        queues: Type.Array(Type.Object({ consumer: Type.String(), waiting: count }, strict)),
      },
      strict,
    ),
    /** Messages that a service could not act on, waiting for another try or put aside. */
    parked: Type.Array(Type.Object({ consumer: Type.String(), status, count }, strict)),
    notifications: Type.Array(Type.Object({ type: Type.String(), status, count }, strict)),
    /** `due` and `oldestDueAt`: whose time has come and that nobody has sent · `waiting`: still to come. */
    reminders: Type.Object({ due: count, oldestDueAt: nullable(instantSchema()), waiting: count }, strict),
    reports: Type.Array(Type.Object({ status, count }, strict)),
    services: Type.Array(
      Type.Object(
        {
          service: Type.String(),
          startedAt: instantSchema(),
          lastRunAt: instantSchema(),
          /** It has not been heard of for long. */
          isSilent: Type.Boolean(),
        },
        strict,
      ),
    ),
    /** Open sync sockets of the instance that answers. */
    sockets: count,
  },
  strict,
)
export type SystemStateView = Type.Static<typeof systemStateSchema>

export const monitorAnswerSchema = Type.Object(
  {
    state: systemStateSchema,
    /** What somebody should look at; empty while all is well. */
    alerts: Type.Array(Type.Object({ code: oneOf(ALERT_CODES), count }, strict)),
    at: instantSchema(),
  },
  strict,
)
export type MonitorAnswer = Type.Static<typeof monitorAnswerSchema>
