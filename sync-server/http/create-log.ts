/**
 * What may enter the log. Serializers list what is written instead of what is hidden: a database error carries the row it
 * failed on in its message, and an address may carry a name in its query. So no message of an error, no query, no body.
 */
import pino from 'pino'
import type { LogLevel } from '#server/settings.ts'

type RequestLike = { id?: string; method?: string; ip?: string; routeOptions?: { url?: string | undefined } }

const serializers = {
  req: ({ id, method, ip, routeOptions }: RequestLike) => ({
    id,
    method,
    route: routeOptions?.url ?? 'none',
    address: ip,
  }),
  res: ({ statusCode }: { statusCode?: number }) => ({ statusCode }),
  err: (error: unknown) => describeError(error),
}

/**
 * The server's log: one JSON object per line.
 * @param destination where the lines go; standard output when absent
 */
export function createLog(level: LogLevel, destination?: { write(line: string): void }): pino.Logger {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers,
    hooks: {
      // pino takes the message of an error that comes alone as the line's text.
      logMethod(args, method) {
        const [first, ...rest] = args as unknown[]
        if (first instanceof Error) return method.apply(this, [{ err: first }, 'error', ...rest.slice(1)] as never)
        return method.apply(this, args)
      },
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** Name, codes and the lines of the stack, for an error and its causes. */
export function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  const frames = afterMessage(error)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return {
    type: error.name,
    ...(isPlainCode(code) && { code }),
    ...(typeof errno === 'number' && { errno }),
    at: frames.slice(0, 12).map((line) => line.trim()),
    ...(error.cause instanceof Error && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  }
}

function afterMessage({ stack = '', message }: Error): string {
  const start = stack.indexOf(message)
  return start < 0 ? '' : stack.slice(start + message.length)
}

const isPlainCode = (code: unknown): boolean =>
  typeof code === 'number' || (typeof code === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(code))
