/**
 * The seam between page and main process: every channel by name, with the schema of what the page sends and the type of
 * what it gets back. Main refuses a payload that does not fit its schema; the page can reach no channel that is not listed.
 *
 * An invoke carries exactly one payload object. Refusals that can be expected are values in the answer.
 */

import Type, { type TSchema } from 'typebox'
import type { CommandId } from '#domain/commands/commands.ts'
import type { DeepLink } from '#domain/commands/deep-link.ts'
import type { InvokeName, PushName } from './channels.ts'

const MAX_FILE_CHARACTERS = 64 * 1024 * 1024

const UserId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })
const Password = Type.String({ minLength: 1, maxLength: 1024 })
const CommandName = Type.Unsafe<CommandId>(Type.String({ pattern: '^[a-z]+\\.[a-z-]+$', maxLength: 64 }))
const Language = Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 })
const Bytes = Type.Refine(Type.Unsafe<Uint8Array>({}), (value) => value instanceof Uint8Array)

const Nothing = strict({})
const SavedSession = strict({ userId: UserId, token: Type.String({ pattern: '^[\\x21-\\x7e]{16,512}$' }) })
const Enrolment = strict({ userId: UserId, login: Type.String({ minLength: 1, maxLength: 320 }) })
const FileKind = Type.Enum(['csv', 'pdf', 'xlsx', 'json', 'txt', 'ics'])

/** Schemas of what the page may send, by channel. */
export const INVOKE_PAYLOADS = {
  'app:info': Nothing,
  'session:get': Nothing,
  'session:set': SavedSession,
  'session:clear': Nothing,
  'secrets:list': Nothing,
  'secrets:enrol': strict({
    ...Enrolment.properties,
    password: Password,
    /** Opens the key that is there already, when the password was changed on another machine. */
    previousPassword: Type.Optional(Password),
  }),
  'secrets:unlock': strict({ userId: UserId, password: Password }),
  'secrets:forget': strict({ userId: UserId }),
  'server:get': Nothing,
  'server:set': strict({ url: Type.String({ minLength: 1, maxLength: 2048 }) }),
  'file:save': strict({
    /** A name only; main asks the user where it goes. */
    suggestedName: Type.String({ minLength: 1, maxLength: 200 }),
    kind: FileKind,
    content: Type.Union([Type.String({ maxLength: MAX_FILE_CHARACTERS }), Bytes]),
  }),
  'commands:state': strict({ enabled: Type.Array(CommandName, { maxItems: 200 }), language: Language }),
  'link:take': Nothing,
  'unsent:report': strict({ count: Type.Integer({ minimum: 0, maximum: 1_000_000 }) }),
} as const satisfies Record<InvokeName, TSchema>

export type { InvokeName, PushName }
export type InvokePayload<Name extends InvokeName> = Type.Static<(typeof INVOKE_PAYLOADS)[Name]>

export type SavedSession = Type.Static<typeof SavedSession>
export type Enrolment = Type.Static<typeof Enrolment>
export type FileKind = Type.Static<typeof FileKind>

/**
 * Why a local key was not handed out. `no-keyring`: the system has no safe place for it, so nothing may be kept;
 * `damaged`: the file is there and cannot be read, which is never answered by making a new key over it.
 */
export type KeyRefusal = 'no-keyring' | 'not-enrolled' | 'wrong-password' | 'damaged'
export type KeyAnswer =
  | { readonly ok: true; readonly key: Uint8Array; readonly isNew: boolean }
  | { readonly ok: false; readonly reason: KeyRefusal }

export type SaveAnswer =
  | { readonly outcome: 'saved'; readonly name: string }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'error'; readonly reason: string }

export type ServerAnswer =
  | { readonly ok: true; readonly origin: string }
  | { readonly ok: false; readonly reason: 'not-a-server-address' | 'not-encrypted' }

export type AppInfo = {
  readonly name: string
  readonly version: string
  readonly platform: string
  /** BCP 47, as the operating system has it. */
  readonly language: string
}

/** What main answers, by channel. */
export type InvokeAnswers = {
  readonly 'app:info': AppInfo
  readonly 'session:get': SavedSession | null
  /** `until-quit`: no keyring, so the token lives in main's memory only. */
  readonly 'session:set': { readonly kept: 'encrypted' | 'until-quit' }
  readonly 'session:clear': { readonly cleared: true }
  readonly 'secrets:list': readonly Enrolment[]
  readonly 'secrets:enrol': KeyAnswer
  readonly 'secrets:unlock': KeyAnswer
  readonly 'secrets:forget': { readonly forgotten: boolean }
  readonly 'server:get': { readonly origin: string }
  readonly 'server:set': ServerAnswer
  readonly 'file:save': SaveAnswer
  readonly 'commands:state': { readonly accepted: true }
  /** The link that waits to be opened; whoever takes it opens it. */
  readonly 'link:take': DeepLink | null
  readonly 'unsent:report': { readonly accepted: true }
}

/** `asked`: by the menu, which locks every window. */
export type LockReason = 'screen-locked' | 'suspended' | 'asked'

/** What main tells the page unasked, by channel. */
export type Pushes = {
  readonly command: { readonly id: CommandId }
  readonly lock: { readonly reason: LockReason }
  /** A link waits, to be had by `link:take`. */
  readonly link: Record<string, never>
}

export type Unsubscribe = () => void

/** What the page finds as `window.desktop`. Frozen; nothing else of the host is in its reach. */
export type DesktopBridge = {
  readonly invoke: <Name extends InvokeName>(
    channel: Name,
    payload: InvokePayload<Name>,
  ) => Promise<InvokeAnswers[Name]>
  readonly on: <Name extends PushName>(channel: Name, listener: (push: Pushes[Name]) => void) => Unsubscribe
}

function strict<Properties extends Type.TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false })
}
