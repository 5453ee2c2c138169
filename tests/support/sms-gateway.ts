/**
 * A carrier's gateway on loopback, in Twilio's shape: takes texts as a carrier does, can refuse, fail, ask for a pause or hang, and
 * calls back signed, as a carrier would. It stands for a carrier, because none can be reached from a test.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SIGNATURE_HEADER, signatureOf } from '#server/sms/callback-rule.ts'

export type SentText = {
  readonly sid: string
  readonly to: string
  readonly from: string
  readonly body: string
  readonly statusCallback: string | undefined
}

export const GATEWAY_TOKEN = 'the token of the account'

export type FakeGateway = {
  /** For SMS_URL. */
  readonly url: string
  readonly sent: readonly SentText[]
  /** What it does with the next text: take it, or a status, or never answer. */
  answer: (text: SentText) => 'take' | 'hang' | { readonly status: number; readonly retryAfter?: number }
  /** Calls an address of the server, signed; `wrong` breaks the signature. */
  call(
    url: string,
    fields: Record<string, string>,
    options?: { readonly isWrong?: boolean; readonly headers?: Record<string, string> },
  ): Promise<Response>
  close(): Promise<void>
}

export async function aGateway(): Promise<FakeGateway> {
  const sent: SentText[] = []
  const hanging = new Set<ServerResponse>()
  let count = 0
  const gateway: { answer: FakeGateway['answer'] } = { answer: () => 'take' }
  const server = createServer((request, response) => void take(request, response))
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    count += 1
    const text: SentText = {
      sid: `SM${String(count).padStart(32, '0')}`,
      to: form.get('To') ?? '',
      from: form.get('From') ?? '',
      body: form.get('Body') ?? '',
      statusCallback: form.get('StatusCallback') ?? undefined,
    }
    const answer = gateway.answer(text)
    if (answer === 'hang') return void hanging.add(response)
    if (answer !== 'take') {
      const headers = answer.retryAfter === undefined ? {} : { 'retry-after': String(answer.retryAfter) }
      return void response.writeHead(answer.status, headers).end('{}')
    }
    sent.push(text)
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ sid: text.sid }))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(gateway, {
    url: `http://AC1:${encodeURIComponent(GATEWAY_TOKEN)}@127.0.0.1:${port}/2010-04-01/Accounts/AC1/Messages.json?from=%2B441234567890`,
    sent,
    call: (url: string, fields: Record<string, string>, { isWrong = false, headers = {} } = {}) =>
      fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          [SIGNATURE_HEADER]: signatureOf(url, fields, isWrong ? 'another token' : GATEWAY_TOKEN),
          ...headers,
        },
        body: new URLSearchParams(fields),
      }),
    close: async () => {
      for (const response of hanging) response.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }) as FakeGateway
}
