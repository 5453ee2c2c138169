import { useEffect, useState } from 'react'
import type { TemplateParams, TemplatePreview } from '#domain/api/notification-api.ts'
import type { Template } from '#domain/message/template.ts'
import type { MessageApi } from '#renderer/server-api/message-api.ts'

/** So long nobody types before the server is asked. */
const QUIET_MS = 250

/** How words would look and what is wrong with them, a moment after they were typed; the look before stays meanwhile. */
export function usePreview(
  api: Pick<MessageApi, 'previewTemplate'>,
  { kind, channel, language }: TemplateParams,
  { subject, body }: Template,
): TemplatePreview | null {
  const [preview, setPreview] = useState<TemplatePreview | null>(null)
  useEffect(() => {
    if (body === '') {
      const problems = [{ field: 'body' as const, rule: 'empty', variable: '' }]
      setPreview({ subject, body: '', html: '', segments: 0, problems })
      return
    }
    let isOver = false
    const timer = setTimeout(() => {
      void api.previewTemplate({ kind, channel, language }, { subject, body }).then((answer) => {
        if (!isOver && answer.ok) setPreview(answer.value)
      })
    }, QUIET_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [api, kind, channel, language, subject, body])
  return preview
}
