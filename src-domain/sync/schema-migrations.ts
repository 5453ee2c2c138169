/**
 * From one version of a collection's schema to the next: one pure function per version, which the local database runs over what
 * it holds and the server over what an older client pushes. A document that has a new field already keeps it: an older client
 * stores what it is sent whole.
 */
import type { CollectionName } from './collections.ts'

type Fields = Readonly<Record<string, unknown>>
export type MigrateDocument = (document: Fields) => Fields

/** What each version added, with the value that documents of the version before have. */
const ADDED: Partial<Record<CollectionName, Readonly<Record<number, Fields>>>> = {
  appointments: {
    1: {
      roomId: null,
      equipmentIds: [],
      seriesId: null,
      overbookReason: '',
      cancelledAt: null,
      cancelledBy: null,
      cancelledByName: '',
    },
  },
  schedules: { 1: { closureId: null } },
  appointment_types: { 1: { capacity: 1, roomIds: [], equipmentIds: [], changeCutoffMinutes: 0, patientLimit: 0 } },
}

/** Version → the function that brings a document of the version before to it. */
export function migrationsOf(name: CollectionName): Readonly<Record<number, MigrateDocument>> {
  const versions = Object.entries(ADDED[name] ?? {})
  return Object.fromEntries(versions.map(([version, added]) => [version, (document) => ({ ...added, ...document })]))
}

/** The document as the newest version has it. */
export function upgradedFrom<Document extends Fields>(name: CollectionName, version: number, document: Document) {
  const steps = Object.entries(migrationsOf(name))
    .map(([to, migrate]) => ({ to: Number(to), migrate }))
    .filter(({ to }) => to > version)
    .sort((a, b) => a.to - b.to)
  return steps.reduce<Fields>((current, { migrate }) => migrate(current), document) as Document
}
