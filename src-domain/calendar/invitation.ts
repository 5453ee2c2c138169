/**
 * A visit as an entry that an e-mail puts into the recipient's own calendar, and takes out again (iTIP, RFC 5546; by e-mail,
 * RFC 6047). It says when, where and with whom, never what for.
 */
import type { Appointment } from '#domain/appointment/appointment-schemas.ts'
import type { Instant } from '#domain/time/instant.ts'
import { escapedText, textOfLines, utcText } from './icalendar.ts'

export type Party = { readonly name: string; readonly address: string }

export type Invitation = {
  readonly visit: Pick<Appointment, 'id' | 'start' | 'end' | 'revision' | 'status'>
  /** The clinic, by the address it writes from: calendars trust changes from it alone. */
  readonly organizer: Party
  readonly attendee: Party
  /** In the recipient's language; only names of clinic and doctor belong in it. */
  readonly summary: string
  readonly place: string
  /** When it is sent. */
  readonly now: Instant
}

/** Puts the visit in, or moves the entry that is there already. */
export const invitationText = (invitation: Invitation): string => entryText('REQUEST', invitation)

/** Takes the visit out; of an entry that is not there nothing is seen. */
export const withdrawalText = (invitation: Invitation): string => entryText('CANCEL', invitation)

function entryText(
  method: 'REQUEST' | 'CANCEL',
  { visit, organizer, attendee, summary, place, now }: Invitation,
): string {
  const isOff = method === 'CANCEL'
  const status = visit.status === 'pending' ? 'TENTATIVE' : 'CONFIRMED'
  return textOfLines([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Healthcare Appointment System//Visits//EN',
    'CALSCALE:GREGORIAN',
    `METHOD:${method}`,
    'BEGIN:VEVENT',
    // The same as in a calendar feed, so that one visit stays one entry.
    `UID:${visit.id}@healthcare-appointment-system`,
    `SEQUENCE:${visit.revision}`,
    `DTSTAMP:${utcText(now)}`,
    `DTSTART:${utcText(visit.start)}`,
    `DTEND:${utcText(visit.end)}`,
    `SUMMARY:${escapedText(summary)}`,
    ...(place === '' ? [] : [`LOCATION:${escapedText(place)}`]),
    `ORGANIZER${partyText(organizer)}`,
    // The answer is known and no reply is read.
    `ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=${isOff ? 'NEEDS-ACTION' : 'ACCEPTED'};RSVP=FALSE${partyText(attendee)}`,
    `STATUS:${isOff ? 'CANCELLED' : status}`,
    `TRANSP:${isOff ? 'TRANSPARENT' : 'OPAQUE'}`,
    'CLASS:PRIVATE',
    'END:VEVENT',
    'END:VCALENDAR',
  ])
}

/** A quoted parameter holds no quotation mark and no control character (RFC 5545, section 3.2); an address no blank either. */
const partyText = ({ name, address }: Party): string =>
  `;CN="${name.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replaceAll('"', "'")}":mailto:${address.replaceAll(/[\s\p{Cc}]/gu, '')}`
