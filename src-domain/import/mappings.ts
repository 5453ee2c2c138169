import type { ImportMapping } from './import-plan.ts'
import { vitoriaNoShow } from './vitoria-no-show.ts'

/** The mappings that ship, by the name `npm run import -- FILE --mapping NAME` takes. */
export const IMPORT_MAPPINGS: ReadonlyMap<string, ImportMapping> = new Map([[vitoriaNoShow.name, vitoriaNoShow]])
