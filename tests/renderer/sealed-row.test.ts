/** A row of the local store opens only as it was written. */
import { beforeAll, describe, expect, it } from 'vitest'
import { DamagedRowError, openRow, type Row, SEALED_FIELD, sealRow } from '#renderer/local-db/sealed-row.ts'
import { anAppointment } from '#tests/support/builders.ts'
import { TEST_SEED, testRandom } from '#tests/support/seeded.ts'

let key: CryptoKey
let row: Row
const { note, reason, ...plain } = anAppointment({ note: 'about the knee', reason: 'Knee' })
const document: Row = {
  ...plain,
  _deleted: false,
  _meta: { lwt: 1_764_000_000_000.01 },
  _rev: '1-abc',
  _attachments: {},
}
const place = () => ({ key, collection: 'appointments', id: plain.id })
const open = (changed: Row) => openRow(place(), changed)

beforeAll(async () => {
  key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  row = { ...document, [SEALED_FIELD]: await sealRow(place(), document, { note, reason }) }
})

describe('a sealed row', () => {
  it('opens as it was written, also with truth values as the digits that IndexedDB indexes', async () => {
    expect(await open(row)).toEqual({ ...document, note, reason })
    expect(await open({ ...row, _deleted: '0' })).toMatchObject({ note })
  })

  it('does not open with any letter of its ciphertext changed, left out or added, and names itself', async () => {
    const random = testRandom(1)
    const sealed = row[SEALED_FIELD] as string
    for (let turn = 0; turn < 300; turn += 1) {
      const at = random.between(0, sealed.length - 1)
      const other = random.pick([...'ABCxyz019+/='].filter((letter) => letter !== sealed[at]))
      const broken = random.pick([
        sealed.slice(0, at),
        sealed.slice(0, at) + other + sealed.slice(at + 1),
        sealed.slice(0, at) + sealed.slice(at + 1),
      ])
      // The last letter before the padding has bits that say nothing: they are no part of what was written.
      if (sameBytes(broken, sealed)) continue
      const opening = open({ ...row, [SEALED_FIELD]: broken })
      await expect(opening, `seed ${TEST_SEED}, turn ${turn}`).rejects.toMatchObject({
        damage: { collection: 'appointments', id: plain.id, writtenAt: 1_764_000_000_000 },
      })
    }
  })

  it('does not open with any of its plain fields changed, left out or added', async () => {
    const fields = Object.keys(document).filter((field) => field !== '_attachments')
    for (const field of fields) {
      const value = document[field]
      const other = typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${value}x`
      await expect(open({ ...row, [field]: other }), field).rejects.toThrow(DamagedRowError)
      const { [field]: _, ...without } = row
      if (value !== false) await expect(open(without), field).rejects.toThrow(DamagedRowError)
    }
    await expect(open({ ...row, extra: 1 })).rejects.toThrow(DamagedRowError)
    await expect(open({ ...row, _meta: { lwt: 1 } })).rejects.toThrow(DamagedRowError)
  })

  it('does not open without its ciphertext, with another key, or in another collection', async () => {
    const { [SEALED_FIELD]: _, ...without } = row
    await expect(open(without)).rejects.toThrow(DamagedRowError)
    await expect(openRow({ ...place(), collection: 'patients' }, row)).rejects.toThrow(DamagedRowError)
    const other = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    await expect(openRow({ ...place(), key: other }, row)).rejects.toThrow(DamagedRowError)
  })

  it('opens as an earlier version left it, bound to its place alone', async () => {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const additionalData = new TextEncoder().encode(`appointments/${plain.id}`)
    const text = new TextEncoder().encode(JSON.stringify({ note, reason }))
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, text))
    const earlier = { ...document, [SEALED_FIELD]: Buffer.concat([iv, sealed]).toString('base64') }
    expect(await open(earlier)).toMatchObject({ note, reason })
  })
})

const sameBytes = (a: string, b: string): boolean => {
  try {
    return a.startsWith('2:') && atob(a.slice(2)) === atob(b.slice(2))
  } catch {
    return false
  }
}
