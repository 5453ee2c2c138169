/**
 * What the host can do for the page. Screens import this type only; which implementation stands behind it is chosen once,
 * in `app`. What a host lacks is said by `can`, so that a screen hides it and never guesses from `kind`.
 */
import type { CommandId } from '#domain/commands/commands.ts'
import type { DeepLink } from '#domain/commands/deep-link.ts'

export type Capability =
  /** Menu items come from the host, so the page draws no menu bar. */
  | 'native-menu'
  /** Saving asks where; elsewhere the file goes to the downloads folder. */
  | 'save-dialog'
  /** The session token can be read here; elsewhere it is a cookie that scripts never see. */
  | 'bearer-session'
  /** Which server to talk to can be chosen. */
  | 'choose-server'
  /** The host tells when the screen is locked or the machine sleeps. */
  | 'lock-signal'

export type PlatformKind = 'desktop' | 'browser'
export type Unsubscribe = () => void

export type Session = { readonly userId: string; readonly token: string }

/** Keeps the session between starts. With `bearer-session` missing, `get` answers null and `set` keeps nothing. */
export type SessionStore = {
  readonly get: () => Promise<Session | null>
  readonly set: (session: Session) => Promise<void>
  readonly clear: () => Promise<void>
}

export type Enrolment = { readonly userId: string; readonly login: string }

/**
 * `not-own-device`: in a browser nothing is kept before the user said that the device is theirs; `no-keyring`: the desktop
 * has no safe place for the key. In both cases the data lives in memory only.
 */
export type KeyRefusal = 'not-own-device' | 'no-keyring' | 'not-enrolled' | 'wrong-password' | 'damaged'

/** The key is AES-GCM, 256 bits, for encryption and decryption, and cannot be read out again. */
export type KeyResult =
  | { readonly ok: true; readonly key: CryptoKey; readonly isNew: boolean }
  | { readonly ok: false; readonly reason: KeyRefusal }

/** The random data key of each user of the current server, wrapped by that user's password. */
export type KeyStore = {
  /** Whether this device may keep keys at all: always on the desktop, in a browser once the user said so. */
  readonly isOwnDevice: () => Promise<boolean>
  /** Saying no forgets every key kept so far. */
  readonly setOwnDevice: (isOwn: boolean) => Promise<void>
  /** Who can open local data on this device without the server. */
  readonly list: () => Promise<readonly Enrolment[]>
  /**
   * Makes the user's key at the first log-in and opens it at every later one. When the password was changed elsewhere the
   * answer is `wrong-password` until `previousPassword` opens the key, which is then wrapped anew.
   */
  readonly enrol: (user: Enrolment, password: string, previousPassword?: string) => Promise<KeyResult>
  readonly unlock: (userId: string, password: string) => Promise<KeyResult>
  readonly forget: (userId: string) => Promise<void>
}

export type FileKind = 'csv' | 'pdf' | 'xlsx' | 'json' | 'txt' | 'ics'

export type FileToSave = {
  /** Name with extension, no path. */
  readonly name: string
  readonly kind: FileKind
  readonly content: string | Uint8Array
}

export type SaveResult =
  | { readonly outcome: 'saved'; readonly name: string }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'error'; readonly reason: string }

/** Shown outside the window, so it must name no patient. */
export type Notice = { readonly title: string; readonly body?: string; readonly onClick?: () => void }

/** `default`: nobody was asked yet. */
export type NoticeLeave = 'granted' | 'denied' | 'default'

export type CommandState = { readonly enabled: readonly CommandId[]; readonly language: string }

export type LockReason = 'screen-locked' | 'suspended' | 'asked'

export type Platform = {
  readonly kind: PlatformKind
  readonly can: Readonly<Record<Capability, boolean>>
  /** Origin of the sync server, without a slash at the end. */
  readonly serverOrigin: () => Promise<string>
  /** Answers why an address is refused. After a change the page must be loaded anew. */
  readonly setServer: (url: string) => Promise<{ ok: true } | { ok: false; reason: ServerRefusal }>
  readonly session: SessionStore
  readonly keys: KeyStore
  readonly saveFile: (file: FileToSave) => Promise<SaveResult>
  readonly print: () => Promise<void>
  /** False when the user or the host allows no notifications. */
  readonly notify: (notice: Notice) => Promise<boolean>
  readonly noticeLeave: () => NoticeLeave
  /** To be called from a click. */
  readonly askForNotices: () => Promise<NoticeLeave>
  /** Commands given outside the page, by the native menu. */
  readonly onCommand: (listener: (id: CommandId) => void) => Unsubscribe
  readonly onLock: (listener: (reason: LockReason) => void) => Unsubscribe
  /** Calls when a link from outside waits; `takeLink` gives it away, once. */
  readonly onLink: (listener: () => void) => Unsubscribe
  readonly takeLink: () => Promise<DeepLink | null>
  /** Tells the host how many changes nobody but this device has, for what it shows outside the window. */
  readonly reportUnsent: (count: number) => Promise<void>
  /** Tells the host which commands make sense now, so that menu items are disabled and named in the user's language. */
  readonly reportCommands: (state: CommandState) => Promise<void>
}

export type ServerRefusal = 'not-a-server-address' | 'not-encrypted' | 'not-here'
