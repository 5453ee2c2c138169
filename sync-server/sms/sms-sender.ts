/** The port for SMS: who carries a text. A carrier's HTTP gateway and the development sender stand beside it. */

export type SmsMessage = {
  /** Stable: the same for every try. */
  readonly id: string
  /** E.164. */
  readonly to: string
  readonly body: string
  /** Where the gateway reports what became of it. */
  readonly statusCallback?: string
}

export type SmsSender = {
  /**
   * Resolves when the text was handed over, with the gateway's id of it.
   * @throws SmsRefused when no later try can help; an error with `retryAfterMs` when it asks for a pause; anything else is tried again
   */
  send(message: SmsMessage): Promise<{ readonly gatewayId: string }>
}

/** The gateway will never take this text: a number that does not exist, for example. */
export class SmsRefused extends Error {
  override readonly name = 'SmsRefused'
}

/** The gateway takes no more for now. */
export class SmsPaused extends Error {
  override readonly name = 'SmsPaused'
  readonly retryAfterMs: number
  constructor(retryAfterMs: number) {
    super('The gateway asks for a pause')
    this.retryAfterMs = retryAfterMs
  }
}
