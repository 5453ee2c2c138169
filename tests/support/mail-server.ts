/** A real SMTP server on this machine; it keeps what it receives and can be told to refuse. */
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export type MailServer = {
  readonly url: string
  readonly received: readonly ParsedMail[]
  /** The same mails as they came over the line. */
  readonly raw: readonly string[]
  /** The reply to recipients from now on; null takes them. */
  refuseWith(code: number | null): void
  stop(): Promise<void>
}

export async function aMailServer(): Promise<MailServer> {
  const received: ParsedMail[] = []
  const raw: string[] = []
  let refusal: number | null = null
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: (_, __, done) => {
      if (refusal === null) return done()
      done(Object.assign(new Error('not now'), { responseCode: refusal }))
    },
    onData: (stream, _, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      simpleParser(stream).then((mail) => {
        received.push(mail)
        raw.push(Buffer.concat(chunks).toString('utf8'))
        done()
      }, done)
    },
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    raw,
    refuseWith: (code) => {
      refusal = code
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
