/**
 * One row of the local store as it lies on the device: its secret fields as one AES-GCM ciphertext in the field `sealed`, under a
 * fresh 12-byte IV, its plain fields beside it. Bound into the ciphertext are the collection, the row's id and every plain field: a
 * row whose ciphertext was moved, or in which any byte is another than was written, does not open.
 *
 * Rows from before the plain fields were bound have no mark and are bound to collection and id alone.
 */
import { canonicalText } from '#domain/sync/canonical.ts'

/** The field that holds the ciphertext; no document of ours has one of this name. */
export const SEALED_FIELD = 'sealed'
/** No letter of base64, so what begins with it is of this version. */
const WHOLE_ROW = '2:'
const IV_BYTES = 12

export type Row = { readonly [field: string]: unknown }

/** A row that is not what was written. */
export type Damage = {
  readonly collection: string
  readonly id: string
  /** As the row says, which may be wrong itself; null where it says nothing. */
  readonly writtenAt: number | null
}

export class DamagedRowError extends Error {
  readonly damage: Damage

  constructor(damage: Damage, cause?: unknown) {
    super(`A row of ${damage.collection} is not what was written`, { cause })
    this.name = 'DamagedRowError'
    this.damage = damage
  }
}

type Place = { readonly key: CryptoKey; readonly collection: string; readonly id: string }

/** @param plain the row without its secrets, as it goes down */
export async function sealRow(place: Place, plain: Row, secrets: Row): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const text = new TextEncoder().encode(JSON.stringify(secrets))
  const sealed = await crypto.subtle.encrypt(algorithm(iv, `${nameOf(place)}\n${plainText(plain)}`), place.key, text)
  return WHOLE_ROW + toBase64(iv, new Uint8Array(sealed))
}

/**
 * @returns the row with its secrets in their places
 * @throws DamagedRowError
 */
export async function openRow(place: Place, row: Row): Promise<Row> {
  const { [SEALED_FIELD]: sealed, ...plain } = row
  try {
    const isWhole = (sealed as string).startsWith(WHOLE_ROW)
    const bytes = fromBase64(isWhole ? (sealed as string).slice(WHOLE_ROW.length) : (sealed as string))
    const bound = isWhole ? `${nameOf(place)}\n${plainText(plain)}` : nameOf(place)
    const text = await crypto.subtle.decrypt(
      algorithm(bytes.subarray(0, IV_BYTES), bound),
      place.key,
      bytes.subarray(IV_BYTES),
    )
    return Object.assign(plain, JSON.parse(new TextDecoder().decode(text)) as object)
  } catch (error) {
    throw new DamagedRowError(damageOf(place.collection, place.id, row), error)
  }
}

export function damageOf(collection: string, id: string, row: Row | undefined): Damage {
  const lwt = (row?._meta as { readonly lwt?: unknown } | undefined)?.lwt
  return { collection, id, writtenAt: typeof lwt === 'number' && Number.isFinite(lwt) ? Math.floor(lwt) : null }
}

const nameOf = ({ collection, id }: Place): string => `${collection}/${id}`

/** IndexedDB indexes no truth values, so Dexie stores them as digits where there is an index: both are one here. */
function plainText({ _attachments, ...plain }: Row): string {
  const alike = Object.entries(plain).map(([field, value]) => [field, typeof value === 'boolean' ? `${+value}` : value])
  return canonicalText({ ...Object.fromEntries(alike), _deleted: false, row: [plain._rev, plain._meta, digit(plain)] })
}

const digit = ({ _deleted: isDeleted }: Row): string => (isDeleted === true || isDeleted === '1' ? '1' : '0')

const algorithm = (iv: Uint8Array<ArrayBuffer>, bound: string) => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(bound),
})

/** Native since Chromium 140; Node and older browsers take the long way. */
type Base64Bytes = Uint8Array & { readonly toBase64?: () => string }
type Base64Reader = { readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }
const CHUNK = 0x8000

function toBase64(first: Uint8Array, second: Uint8Array): string {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  const native = (bytes as Base64Bytes).toBase64?.()
  if (native !== undefined) return native
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(text)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as Base64Reader).fromBase64?.(text)
  if (native !== undefined) return native
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return bytes
}
