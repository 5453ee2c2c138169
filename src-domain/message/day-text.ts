/**
 * Days and times in the words of a message's language. The wall clock is written as it is: no zone is applied here, so none can
 * shift it. Blanks are plain ones, because a typographic one would double the price of an SMS.
 */
import { intlTag } from '#domain/language/languages.ts'
import { type LocalDay, type LocalTime, minuteOfDayOf } from '#domain/time/clinic-time.ts'
import { MINUTE_MS } from '#domain/time/instant.ts'

export type DayStyle = 'long' | 'short'

/**
 * @param language BCP 47 tag; one that the runtime does not know is written as English
 * @param style 'long' for letters ("Wednesday 14 October"), 'short' for an SMS ("Wed, Oct 14")
 */
export function dayText(day: LocalDay, language: string, style: DayStyle): string {
  const format = formatOf(language, { weekday: style, day: 'numeric', month: style === 'long' ? 'long' : 'short' })
  return plainBlanks(format.format(new Date(`${day}T00:00:00Z`)))
}

/** @param time 'HH:mm' on the clinic's wall; becomes '2:30 PM' or '14:30' as the language has it */
export function timeText(time: LocalTime, language: string): string {
  const format = formatOf(language, { hour: 'numeric', minute: '2-digit' })
  return plainBlanks(format.format(new Date(minuteOfDayOf(time) * MINUTE_MS)))
}

function formatOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat([language === 'ar' ? intlTag(language) : language, 'en'], {
      ...options,
      timeZone: 'UTC',
    })
  } catch {
    return new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' })
  }
}

const plainBlanks = (text: string): string => text.replaceAll(/[\u00a0\u2009\u202f]/g, ' ')
