/** A conflict as this device knows it: with what it pushed itself, and what it first sent, which RxDB does not tell. */
import type { CollectionName } from '#domain/sync/collections.ts'
import type { Conflict } from '#domain/sync/conflict.ts'
import type { NoteDatabase } from './live-note.ts'
import { withFirstSent } from './sent-inserts.ts'
import { beyondOwnPushes } from './unanswered-pushes.ts'

/** The conflict to resolve in place of the one that RxDB met. Never throws. */
export const withOwnKnowledge = <Name extends CollectionName>(
  database: NoteDatabase,
  name: Name,
  conflict: Conflict<Name>,
): Promise<Conflict<Name>> => withFirstSent(database, name, beyondOwnPushes(database, name, conflict))
