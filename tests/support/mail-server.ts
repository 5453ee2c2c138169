/** A real SMTP server on this machine; it keeps what it receives and can be told to refuse. */
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export type MailServer = {
  readonly url: string
  readonly received: readonly ParsedMail[]
  /** The reply to recipients from now on; null takes them. */
  refuseWith(code: number | null): void
  stop(): Promise<void>
}

export async function aMailServer(): Promise<MailServer> {
  const received: ParsedMail[] = []
  let refusal: number | null = null
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: (_, __, done) => {
      if (refusal === null) return done()
      done(Object.assign(new Error('not now'), { responseCode: refusal }))
    },
    onData: (stream, _, done) => {
      simpleParser(stream).then((mail) => {
        received.push(mail)
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
    refuseWith: (code) => {
      refusal = code
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
