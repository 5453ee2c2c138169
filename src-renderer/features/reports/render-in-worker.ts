import fontUrl from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf?url'
import type { RenderAnswer, RenderJob, ReportWork, SheetWork } from './render-worker.ts'

/**
 * The bytes of the file of a report or a day sheet, made in a worker that lives as long as the work. The font is among the app's own files, so it
 * is there without the server.
 * @throws Error when the file cannot be made
 */
export async function renderInWorker(work: ReportWork | SheetWork): Promise<Uint8Array> {
  const font = work.format === 'pdf' ? new Uint8Array(await (await fetch(fontUrl)).arrayBuffer()) : null
  const worker = new Worker(new URL('./render-worker.ts', import.meta.url), { type: 'module' })
  try {
    const answer = await new Promise<RenderAnswer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<RenderAnswer>) => resolve(data)
      worker.onerror = ({ message }) => reject(new Error(message || 'the worker could not be started'))
      worker.postMessage({ work, font } satisfies RenderJob)
    })
    if (!answer.ok) throw new Error(answer.reason)
    return answer.bytes
  } finally {
    worker.terminate()
  }
}
