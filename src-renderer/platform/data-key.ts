/**
 * Makes the key of the local data from its 32 bytes. It can be used and never be read out again; the bytes are wiped, so
 * that no copy stays in the page.
 */
export async function importDataKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  } finally {
    bytes.fill(0)
  }
}
