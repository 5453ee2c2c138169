/** Phone numbers as people write them, in the one form that gateways take and that can be compared. */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/**
 * @param text as it was typed: with blanks, brackets, a trunk zero, or with a country code after + or 00
 * @param country ISO 3166-1 alpha-2 of the clinic; decides about numbers without a country code
 * @returns E.164, such as +48600100200, or null where the text is no number that can exist
 */
export function toE164(text: string, country: string): string | null {
  const trimmed = text.normalize('NFKC').trim()
  // An extension cannot receive a message.
  if (trimmed.length > 40 || /[a-z]/i.test(trimmed)) return null
  const international = trimmed.replace(/^00(?=[1-9])/, '+')
  const number = parsePhoneNumberFromString(international, countryOf(country))
  return number?.isValid() ? number.number : null
}

function countryOf(country: string): { defaultCountry: CountryCode } | Record<string, never> {
  const code = country.toUpperCase()
  return isSupportedCountry(code) ? { defaultCountry: code } : {}
}
