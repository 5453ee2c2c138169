/** An event on its way: what is published, and the reader that every service uses. */
import Type from 'typebox'
import { Check } from 'typebox/value'
import { idSchema } from '#domain/ids.ts'
import { instantSchema } from '#domain/schema-parts.ts'
import { type DomainEvent, EVENT_SCHEMAS, EVENT_VERSIONS, isEventType } from './domain-events.ts'

const envelopeSchema = Type.Object(
  {
    /** The same for every delivery: what a consumer recognises a repetition by. */
    id: idSchema<'Event'>(),
    clinicId: idSchema<'Clinic'>(),
    type: Type.String({ minLength: 1, maxLength: 64 }),
    version: Type.Integer({ minimum: 1, maximum: 1_000 }),
    /** When it happened, by the server's clock. */
    at: instantSchema(),
    payload: Type.Object({}),
  },
  { additionalProperties: false },
)

/** An event of a known type and version, with what it says. */
export type EventEnvelope = Omit<Type.Static<typeof envelopeSchema>, 'type' | 'payload'> & DomainEvent

/** No event is longer: they hold ids. */
export const MOST_EVENT_BYTES = 64 * 1024

/** Why a message is no event; `unknown-version` is written by a newer server than the one that reads. */
export type EventFault = 'too-large' | 'no-json' | 'no-event' | 'unknown-type' | 'unknown-version' | 'wrong-shape'

export type EventAnswer =
  | { readonly ok: true; readonly event: EventEnvelope }
  | { readonly ok: false; readonly fault: EventFault }

export const textOfEvent = (event: EventEnvelope): string => JSON.stringify(event)

/** Reads a message. Never throws: what is no event is named, so that it can be put aside. */
export function parseEvent(text: string): EventAnswer {
  if (text.length > MOST_EVENT_BYTES) return { ok: false, fault: 'too-large' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, fault: 'no-json' }
  }
  if (!Check(envelopeSchema, value)) return { ok: false, fault: 'no-event' }
  if (!isEventType(value.type)) return { ok: false, fault: 'unknown-type' }
  if (value.version !== EVENT_VERSIONS[value.type]) return { ok: false, fault: 'unknown-version' }
  if (!Check(EVENT_SCHEMAS[value.type], value.payload)) return { ok: false, fault: 'wrong-shape' }
  return { ok: true, event: value as EventEnvelope }
}
