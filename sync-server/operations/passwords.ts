/**
 * Passwords as argon2id hashes (RFC 9106; OWASP's floor of 19 MiB and two passes). One check costs about 20 ms of a core, so a
 * flood of log-ins is an attack on the processor: only two run at a time, and a long queue is refused rather than grown.
 */
import { hash, verify } from '@node-rs/argon2'

const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const COST_MARK = `$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`

/** Thrown when more checks wait than will be done soon. */
export class TooManyPasswordChecks extends Error {
  override readonly name = 'TooManyPasswordChecks'
}

export type Passwords = {
  hash(password: string): Promise<string>
  /** Takes the same time for an account that does not exist (null). */
  isRight(password: string, hash: string | null): Promise<boolean>
  /** True for a hash made at another cost than today's. */
  isOutdated(hash: string): boolean
  /** Algorithm and cost of the hash that stands in for accounts that do not exist. */
  costOfNobody(): string
}

/**
 * @param atOnce how many run side by side; Node's thread pool has four threads and the database needs some of them
 * @param longestQueue how many may wait
 */
export async function createPasswords({ atOnce = 2, longestQueue = 50 } = {}): Promise<Passwords> {
  const limited = createLimit(atOnce, longestQueue)
  const nobodysHash = await hash('the password of nobody', COST)
  return {
    hash: (password) => limited(() => hash(prepare(password), COST)),
    isRight: (password, stored) =>
      limited(async () => {
        const isMatch = await verify(stored ?? nobodysHash, prepare(password))
        return isMatch && stored !== null
      }),
    isOutdated: (stored) => !(stored.startsWith('$argon2id$') && stored.includes(COST_MARK)),
    costOfNobody: () => nobodysHash.split('$').slice(0, 4).join('$'),
  }
}

/** The same letters typed on another system may arrive as other code points (NIST SP 800-63B, section 3.1.1.2). */
const prepare = (password: string): string => password.normalize('NFKC')

function createLimit(atOnce: number, longestQueue: number) {
  const waiting: (() => void)[] = []
  let running = 0
  const acquire = async () => {
    if (running < atOnce) {
      running += 1
      return
    }
    if (waiting.length >= longestQueue) throw new TooManyPasswordChecks()
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  /** A place is handed to the next in the queue, so that nobody slips in between. */
  const release = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await acquire()
    try {
      return await work()
    } finally {
      release()
    }
  }
}
