import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { ImportMapping } from '#domain/import/import-plan.ts'
import { IMPORT_MAPPINGS } from '#domain/import/mappings.ts'

export type ImportArguments = {
  readonly file: string
  readonly mapping: ImportMapping
  readonly isDryRun: boolean
  /** Folder of the product's data; undefined means the one the server uses. */
  readonly dataDir: string | undefined
  /** Name or id of the clinic; needed only where there are several. */
  readonly clinic: string | undefined
}

export const IMPORT_USAGE = [
  'npm run import -- FILE --mapping NAME [--dry-run] [--clinic NAME] [--data DIR]',
  ...[...IMPORT_MAPPINGS.values()].map(({ name, summary }) => `  ${name}: ${summary}`),
].join('\n')

/** The import cannot go on as asked; the message says why and what to do, and is printed without a stack. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
}

/**
 * @param argv the command line after the program's name
 * @param folder where relative paths start: the folder the command was typed in
 * @throws ImportRefused for a word it does not know, a missing file name or an unknown mapping
 */
export function parseImportArguments(argv: readonly string[], folder: string): ImportArguments {
  const { values, positionals } = parseWords(argv)
  const [file, ...more] = positionals
  if (!file || more.length > 0) throw new ImportRefused(`Name one file.\nUsage: ${IMPORT_USAGE}`)
  const mapping = IMPORT_MAPPINGS.get(values.mapping ?? '')
  if (!mapping) throw new ImportRefused(`Name a mapping that exists.\nUsage: ${IMPORT_USAGE}`)
  return {
    file: resolve(folder, file),
    mapping,
    isDryRun: values['dry-run'] === true,
    dataDir: values.data === undefined ? undefined : resolve(folder, values.data),
    clinic: values.clinic,
  }
}

function parseWords(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        mapping: { type: 'string' },
        'dry-run': { type: 'boolean' },
        clinic: { type: 'string' },
        data: { type: 'string' },
      },
    })
  } catch (error) {
    throw new ImportRefused(`${error instanceof Error ? error.message : error}\nUsage: ${IMPORT_USAGE}`)
  }
}
