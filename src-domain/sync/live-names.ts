/**
 * What desks are told of beside the replicated collections: a poke says that it has changed, and who wants to know reads it by
 * REST. Nothing of it lies on a device, so nothing of it is shown without the server.
 */
import { type CollectionName, isCollectionName } from './collections.ts'

/** `holds`: times that are kept free while somebody books · `delays`: how late doctors say they run today. */
export const LIVE_NAMES = ['holds', 'delays'] as const
export type LiveName = (typeof LIVE_NAMES)[number]

/** Whatever a poke can be about. */
export type PokedName = CollectionName | LiveName

export const isLiveName = (text: string): text is LiveName => (LIVE_NAMES as readonly string[]).includes(text)
export const isPokedName = (text: string): text is PokedName => isCollectionName(text) || isLiveName(text)
