/**
 * Who receives rows of which collection, and whose writes to it are taken. Checked in, so that a change of rights is seen in a
 * review; a collection without a row does not compile.
 */
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Caller } from './callers.ts'

/** `rows`: receives those there are · `nothing`: an empty answer · 401: the socket is closed. */
export type ReadCell = 'rows' | 'nothing' | 401
/** `taken` or `refused`: what becomes of a new document that anybody with the right could write · 401: the socket is closed. */
export type WriteCell = 'taken' | 'refused' | 401

type Cells<Cell> = Readonly<Record<Caller, Cell>>

const strangers = { anonymous: 401, expired: 401, ended: 401, disabled: 401, token: 401 } as const
const row = <Cell>(patient: Cell, doctor: Cell, receptionist: Cell, admin: Cell) => ({
  ...strangers,
  patient,
  doctor,
  receptionist,
  admin,
})

const everybody = row<ReadCell>('rows', 'rows', 'rows', 'rows')
const staff = row<ReadCell>('nothing', 'rows', 'rows', 'rows')
const nobodyWrites = row<WriteCell>('refused', 'refused', 'refused', 'refused')

export const COLLECTION_TABLE: Readonly<
  Record<CollectionName, { readonly read: Cells<ReadCell>; readonly write: Cells<WriteCell> }>
> = {
  appointments: { read: everybody, write: row<WriteCell>('taken', 'taken', 'taken', 'taken') },
  schedules: { read: staff, write: row<WriteCell>('refused', 'taken', 'refused', 'taken') },
  schedule_templates: { read: staff, write: nobodyWrites },
  patients: { read: everybody, write: row<WriteCell>('refused', 'refused', 'taken', 'taken') },
  doctors: { read: everybody, write: nobodyWrites },
  appointment_types: { read: everybody, write: nobodyWrites },
  rooms: { read: everybody, write: nobodyWrites },
  waitlist_entries: { read: everybody, write: row<WriteCell>('taken', 'taken', 'taken', 'taken') },
  // Doctors write on their own days; patients neither write nor see any.
  day_notes: { read: staff, write: row<WriteCell>('refused', 'taken', 'taken', 'taken') },
  // Each sees what they were told, and makes none.
  notifications: { read: everybody, write: nobodyWrites },
  // Leases are asked for by REST.
  allotments: { read: staff, write: nobodyWrites },
  // Each sees the refusals of their own changes.
  rejected_changes: { read: everybody, write: nobodyWrites },
}
