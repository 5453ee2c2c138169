/**
 * iCalendar (RFC 5545) for feeds of visits: the few lines they need, in UTC, so that no zone table travels along and both switch
 * days are right by themselves.
 */
import type { Instant } from '#domain/time/instant.ts'

export type CalendarEvent = {
  /** Never changes for one visit: a calendar finds its copy by it. */
  readonly uid: string
  /** Goes up with every change, so that an older copy never wins. */
  readonly sequence: number
  readonly start: Instant
  readonly end: Instant
  readonly summary: string
  readonly location: string
  readonly status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED'
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

export type Calendar = { readonly name: string; readonly events: readonly CalendarEvent[] }

/** The feed as text: lines of at most 75 bytes that end in CRLF. */
export function icalendarText({ name, events }: Calendar): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Healthcare Appointment System//Visits//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `NAME:${escapedText(name)}`,
    `X-WR-CALNAME:${escapedText(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
    ...events.flatMap(eventLines),
    'END:VCALENDAR',
  ]
  return textOfLines(lines)
}

/** The lines as they go over the wire: folded, each ended by CRLF. */
export const textOfLines = (lines: readonly string[]): string => lines.map((line) => `${folded(line)}\r\n`).join('')

function eventLines(event: CalendarEvent): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${event.uid}`,
    `SEQUENCE:${event.sequence}`,
    `DTSTAMP:${utcText(event.updatedAt)}`,
    `CREATED:${utcText(event.createdAt)}`,
    `LAST-MODIFIED:${utcText(event.updatedAt)}`,
    `DTSTART:${utcText(event.start)}`,
    `DTEND:${utcText(event.end)}`,
    `SUMMARY:${escapedText(event.summary)}`,
    ...(event.location === '' ? [] : [`LOCATION:${escapedText(event.location)}`]),
    `STATUS:${event.status}`,
    `TRANSP:${event.status === 'CANCELLED' ? 'TRANSPARENT' : 'OPAQUE'}`,
    // Shared screens show that somebody is busy, not with what.
    'CLASS:PRIVATE',
    'END:VEVENT',
  ]
}

/** `20261014T080000Z` (section 3.3.5, form 2). */
export const utcText = (instant: Instant): string =>
  `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

/** Section 3.3.11; control characters have no place in a text. */
export const escapedText = (text: string): string =>
  text
    .replaceAll(/\r\n?|\n/g, '\n')
    .replaceAll(/(?!\n)\p{Cc}/gu, ' ')
    .replaceAll(/[\\;,]/g, (mark) => `\\${mark}`)
    .replaceAll('\n', '\\n')

const LINE_BYTES = 75

/** Section 3.1: continued lines begin with a blank, and no character is torn apart. */
function folded(line: string): string {
  const pieces: string[] = []
  let piece = ''
  let size = 0
  for (const character of line) {
    const bytes = bytesOf(character.codePointAt(0) ?? 0)
    if (size + bytes > LINE_BYTES) {
      pieces.push(piece)
      piece = ' '
      size = 1
    }
    piece += character
    size += bytes
  }
  return [...pieces, piece].join('\r\n')
}

/** How long a code point is in UTF-8. */
function bytesOf(point: number): number {
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}
