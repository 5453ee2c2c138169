import { expect, test } from 'vitest'
import { contentSecurityPolicy } from '#domain/security/content-security-policy.ts'

const directive = (policy: string, name: string): string | undefined =>
  policy
    .split('; ')
    .find((part) => part.startsWith(`${name} `))
    ?.slice(name.length + 1)

test('a page served by the server itself may talk to that server only', () => {
  expect(directive(contentSecurityPolicy(), 'connect-src')).toBe("'self'")
})

test('a named server may be reached by requests and by WebSocket', () => {
  const policy = contentSecurityPolicy(['http://127.0.0.1:4180', 'https://clinic.example'])
  expect(directive(policy, 'connect-src')).toBe(
    "'self' http://127.0.0.1:4180 ws://127.0.0.1:4180 https://clinic.example wss://clinic.example",
  )
})

test('scripts come from files of our own, never from the page or a string', () => {
  expect(directive(contentSecurityPolicy(), 'script-src')).toBe("'self'")
})

test.each(['*', 'https://a.example; script-src *', 'https://a.example/path', 'javascript:alert(1)', 'https://a b', ''])(
  'the connect target %j is refused, so that it cannot add a directive',
  (target) => {
    expect(() => contentSecurityPolicy([target])).toThrow('not an origin')
  },
)
