/** Several visits of one person on one day make one message, however many there are. */
import { type LocalDay, localDayOf, type Zone } from '#domain/time/clinic-time.ts'
import type { Instant } from '#domain/time/instant.ts'
import { type Channel, KIND_RULES, type MessageKind, type MessageValues } from './message-kinds.ts'

export type MergeableMessage = {
  readonly clinicId: string
  /** Who reads it: a person and an address, so that two people behind one number stay two. */
  readonly recipient: string
  readonly channel: Channel
  readonly kind: MessageKind
  /** When the visit starts; null where the message is about none. */
  readonly start: Instant | null
}

export type MergedMessage<Message extends MergeableMessage> = {
  /** By start; more than one where they are told together, under the kind of the first. */
  readonly messages: readonly [Message, ...Message[]]
  readonly day: LocalDay | null
}

/**
 * @param zone the clinic's: its calendar decides what one day is
 * @returns every message in exactly one group, groups in the order of their first message
 */
export function mergeSameDay<Message extends MergeableMessage>(
  messages: readonly Message[],
  zone: Zone,
): readonly MergedMessage<Message>[] {
  const groups = new Map<string, [Message, ...Message[]]>()
  for (const [index, message] of messages.entries()) {
    const key = groupKey(message, zone) ?? `alone ${index}`
    const group = groups.get(key)
    if (group) group.push(message)
    else groups.set(key, [message])
  }
  return [...groups.values()].map((group) => {
    group.sort((a, b) => (a.start ?? 0) - (b.start ?? 0))
    const { start } = group[0]
    return { messages: group, day: start === null ? null : localDayOf(start, zone) }
  })
}

function groupKey({ clinicId, recipient, channel, kind, start }: MergeableMessage, zone: Zone): string | null {
  const { mergeGroup } = KIND_RULES[kind]
  if (mergeGroup === null || start === null) return null
  return JSON.stringify([clinicId, recipient, channel, mergeGroup, localDayOf(start, zone)])
}

/** The values of visits told together, given in order: their times and distinct doctors and places as lists, and how many they are. */
export function mergedValues(values: readonly [MessageValues, ...MessageValues[]]): MessageValues {
  const [first] = values
  if (values.length === 1) return first
  const listOf = (name: 'time' | 'doctorName' | 'place', isDistinct: boolean) => {
    const all = values.flatMap((each) => each[name] || [])
    const list = (isDistinct ? [...new Set(all)] : all).join(', ')
    return list === '' ? {} : { [name]: list }
  }
  return {
    ...first,
    ...listOf('time', false),
    ...listOf('doctorName', true),
    ...listOf('place', true),
    count: String(values.length),
  }
}
