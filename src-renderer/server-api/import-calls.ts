/** The calls of an import: which files can be read, what one comes to, and the writing of it. */
import { importAnswerSchema, importMappingsAnswerSchema } from '#domain/api/import-api.ts'
import { askWith } from './asking.ts'
import type { ServerApi } from './server-api.ts'

export type ImportCalls = ReturnType<typeof createImportCalls>

export function createImportCalls(api: Pick<ServerApi, 'call'>) {
  const ask = askWith(api)
  const path = '/imports'
  const schema = importAnswerSchema
  return {
    listMappings: () => ask({ method: 'GET', path: `${path}/mappings`, schema: importMappingsAnswerSchema }),
    /** What the file comes to; nothing is written. */
    plan: (mapping: string, content: Blob) =>
      ask({
        method: 'POST',
        path: `${path}?mapping=${encodeURIComponent(mapping)}`,
        file: { type: 'text/csv', content },
        schema,
      }),
    show: (id: string) => ask({ method: 'GET', path: `${path}/${id}`, schema }),
    run: (id: string) => ask({ method: 'POST', path: `${path}/${id}/run`, schema }),
    stop: (id: string) => ask({ method: 'DELETE', path: `${path}/${id}`, schema }),
  }
}
