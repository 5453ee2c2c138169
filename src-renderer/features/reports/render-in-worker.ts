import fontUrl from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf?url'
import type { RenderAnswer, RenderJob } from './render-worker.ts'

/**
 * The bytes of a report's file, made in a worker that lives as long as the work. The font is among the app's own files, so it
 * is there without the server.
 * @throws Error when the file cannot be made
 */
export async function renderInWorker(job: Omit<RenderJob, 'font'>): Promise<Uint8Array> {
  const font = job.format === 'pdf' ? new Uint8Array(await (await fetch(fontUrl)).arrayBuffer()) : null
  const worker = new Worker(new URL('./render-worker.ts', import.meta.url), { type: 'module' })
  try {
    const answer = await new Promise<RenderAnswer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<RenderAnswer>) => resolve(data)
      worker.onerror = ({ message }) => reject(new Error(message || 'the worker could not be started'))
      worker.postMessage({ ...job, font } satisfies RenderJob)
    })
    if (!answer.ok) throw new Error(answer.reason)
    return answer.bytes
  } finally {
    worker.terminate()
  }
}
