/** Filters of the log as one types them: `who: robin`, `from: 2026-11-01`. Each key stands once. */
export const TOKEN_KEYS = ['who', 'patient', 'action', 'desk', 'via', 'from', 'to'] as const
export type TokenKey = (typeof TOKEN_KEYS)[number]
export type Token = {
  readonly key: TokenKey
  /** What the server is asked with: an id, a code, a day. */
  readonly value: string
  /** What the reader sees. */
  readonly label: string
}

/** Under which name the server takes each. */
const PARAMETERS = {
  who: 'userId',
  patient: 'patientId',
  action: 'action',
  desk: 'deviceId',
  via: 'door',
  from: 'from',
  to: 'to',
} as const satisfies Record<TokenKey, string>

export type TokenQuery = { readonly [Key in (typeof PARAMETERS)[TokenKey]]?: string }

/**
 * What is being typed: a key with the start of its value, or any text.
 * @param words what each key is called in the reader's language; the short English ones are understood everywhere
 */
export function readToken(
  text: string,
  words: Readonly<Record<TokenKey, string>>,
): { readonly key: TokenKey | null; readonly rest: string } {
  const at = text.indexOf(':')
  if (at < 0) return { key: null, rest: text.trim() }
  const typed = text.slice(0, at).trim().toLowerCase()
  const key = TOKEN_KEYS.find((one) => one === typed || words[one].toLowerCase() === typed)
  return key === undefined ? { key: null, rest: text.trim() } : { key, rest: text.slice(at + 1).trim() }
}

/** With the token in the place of an earlier one of its key, or behind the others. */
export const withToken = (tokens: readonly Token[], token: Token): readonly Token[] =>
  tokens.some(({ key }) => key === token.key)
    ? tokens.map((one) => (one.key === token.key ? token : one))
    : [...tokens, token]

export const queryOfTokens = (tokens: readonly Token[]): TokenQuery =>
  Object.fromEntries(tokens.map(({ key, value }) => [PARAMETERS[key], value]))
