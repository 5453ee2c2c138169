/**
 * Which server this computer was told to trust, after its six words were compared. A public key is no secret, so it lies in plain storage;
 * whoever can change it there can change the app as well.
 */
const KEY = 'server-pairing'

export type Pairing = {
  readonly origin: string
  /** Null until its words were compared. */
  readonly publicKey: string | null
  /** Where to go back to when they differ. */
  readonly before: string
}

/** @returns null for a server that was set up with the computer and never chosen by hand */
export function readPairing(origin: string): Pairing | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Pairing | null
    return kept?.origin === origin ? kept : null
  } catch {
    return null
  }
}

export const keepPairing = (pairing: Pairing): void => localStorage.setItem(KEY, JSON.stringify(pairing))
export const forgetPairing = (): void => localStorage.removeItem(KEY)
