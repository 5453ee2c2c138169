/** From arriving to leaving, with a real local database in memory and a scripted server. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SHIPPED_ROLE_GRANTS } from '#domain/access/roles.ts'
import type { SignedInUser } from '#domain/api/auth-schemas.ts'
import { hours } from '#domain/time/instant.ts'
import { isLeaseAlive, LEASE_MS, readProfile, writeProfile } from '#renderer/app/session/profile-note.ts'
import { SessionController } from '#renderer/app/session/session-controller.ts'
import { openLocalDatabase } from '#renderer/local-db/local-database.ts'
import type { Enrolment, KeyResult, Platform } from '#renderer/platform/types.ts'
import type { ApiFailure, ApiResult, Call } from '#renderer/server-api/api-call.ts'
import type { ServerApi } from '#renderer/server-api/server-api.ts'
import { aDoctor, anAppointment, testId } from '#tests/support/builders.ts'

const USER: SignedInUser = {
  id: testId('User'),
  name: 'Robin Reception',
  email: 'reception@demo.test',
  clinic: { id: testId('Clinic'), name: 'Riverside Clinic', zone: 'Europe/London' },
  doctorId: null,
  patientIds: [],
  roles: ['receptionist'],
  grants: [...SHIPPED_ROLE_GRANTS.receptionist],
}
const PASSWORD = 'right'
const UNREACHABLE: ApiFailure = { ok: false, kind: 'offline', reason: 'server-unreachable' }
const refusal = (status: number, code = 'unauthenticated'): ApiFailure => ({
  ok: false,
  kind: 'refused',
  status,
  code,
  message: 'No.',
})

const CODE = '123456'
const ENROLMENT = { secret: 'ABCDEFGH', uri: 'otpauth://totp/Clinic' }
const asksForCode = (isEnrolment: boolean): ApiFailure => ({
  ok: false,
  kind: 'refused',
  status: 401,
  code: 'second-factor-required',
  message: 'No.',
  challenge: 'a challenge of sixteen',
  isEnrolment,
})

type Server = { isUp: boolean; hasSession: boolean; refuses: ApiFailure | null; recoveryCodes: string[] | null }
type Device = { enrolments: Enrolment[]; enrol: KeyResult; unlock: KeyResult }

let server: Server
let device: Device
let controller: SessionController

const answer = <Value>(value: Value): ApiResult<Value> => (server.isUp ? { ok: true, value } : UNREACHABLE)

function scriptedApi(): ServerApi {
  const api: Partial<ServerApi> = {
    origin: 'http://clinic.test',
    useToken: () => undefined,
    login: async ({ password }) => {
      if (!server.isUp) return UNREACHABLE
      if (server.refuses) return server.refuses
      return password === PASSWORD ? answer({ user: USER, serverTime: Date.now() }) : refusal(401)
    },
    me: async () => {
      if (!server.isUp) return UNREACHABLE
      return server.hasSession ? answer({ user: USER, serverTime: Date.now() }) : refusal(401)
    },
    logout: async () => answer(null),
    secondFactor: async ({ code }) => {
      if (code !== CODE) return refusal(403, 'wrong-code')
      return answer({
        user: USER,
        serverTime: Date.now(),
        ...(server.recoveryCodes && { recoveryCodes: server.recoveryCodes }),
      })
    },
    call: async <Answer>({ path, body, pick }: Call<Answer>) => {
      if (!server.isUp) return UNREACHABLE
      if (path === '/auth/second-factor/enrolment') return answer(pick(ENROLMENT))
      if (!server.hasSession) return refusal(401, 'not-signed-in')
      return (body as { password: string }).password === PASSWORD ? answer(pick(null)) : refusal(403, 'wrong-password')
    },
    socketTicket: async () => UNREACHABLE,
  }
  return api as ServerApi
}

function scriptedPlatform(): Platform {
  const platform: Partial<Platform> = {
    kind: 'browser',
    session: { get: async () => null, set: async () => undefined, clear: async () => undefined },
    keys: {
      isOwnDevice: async () => device.enrolments.length > 0,
      setOwnDevice: async () => undefined,
      list: async () => device.enrolments,
      enrol: async () => device.enrol,
      unlock: async () => device.unlock,
      forget: async () => undefined,
    },
  }
  return platform as Platform
}

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
  server = { isUp: true, hasSession: false, refuses: null, recoveryCodes: null }
  device = {
    enrolments: [],
    enrol: { ok: false, reason: 'not-own-device' },
    unlock: { ok: false, reason: 'wrong-password' },
  }
  controller = new SessionController({ platform: scriptedPlatform(), api: scriptedApi() })
})

afterEach(async () => {
  const state = controller.getState()
  if (state.phase === 'open' || state.phase === 'locked') {
    await state.session.sync.stop()
    await state.session.database.remove()
  }
  vi.unstubAllGlobals()
})

const signIn = (password = PASSWORD) =>
  controller.signIn({ email: ' Reception@demo.test ', password, isOwnDevice: false })
const open = async () => {
  await controller.start()
  await signIn()
  const state = controller.getState()
  if (state.phase !== 'open') throw new Error(`not open but ${state.phase}`)
  return state
}

describe('arriving', () => {
  it('asks who it is, and whether the device is their own', async () => {
    await controller.start()
    expect(controller.getState()).toMatchObject({ phase: 'signed-out', server: 'reachable', asksOwnDevice: true })
  })

  it('goes straight on where the session stands and no data is kept', async () => {
    server.hasSession = true
    await controller.start()
    expect(controller.getState().phase).toBe('open')
  })

  it('asks for the password alone where data is kept', async () => {
    server.hasSession = true
    device.enrolments = [{ userId: USER.id, login: USER.email }]
    await controller.start()
    expect(controller.getState()).toMatchObject({ phase: 'signed-out', expectedUserId: USER.id, asksOwnDevice: false })
  })

  it('says so when the server does not answer, and sees it come back', async () => {
    server.isUp = false
    await controller.start()
    expect(controller.getState()).toMatchObject({ phase: 'signed-out', server: 'server-unreachable', problem: null })
    server.isUp = true
    await controller.look()
    expect(controller.getState()).toMatchObject({ server: 'reachable' })
  })
})

describe('a server that takes the question and does not answer', () => {
  const enrolment = { userId: USER.id, login: USER.email }
  let answerLate: (isUp: boolean) => void
  let silent: SessionController

  beforeEach(() => {
    const held = Promise.withResolvers<void>()
    const api = scriptedApi()
    const { me, login } = api
    answerLate = (isUp) => {
      server.isUp = isUp
      held.resolve()
    }
    const hanging = {
      ...api,
      me: () => held.promise.then(me),
      login: (...asked: Parameters<typeof login>) => held.promise.then(() => login(...asked)),
    }
    silent = new SessionController({ platform: scriptedPlatform(), api: hanging, silenceMs: 1 })
    controller = silent
  })

  it('leaves nobody before an empty page, and is heard when it answers after all', async () => {
    await silent.start()
    expect(silent.getState()).toMatchObject({ phase: 'signed-out', server: 'server-unreachable', asksOwnDevice: true })
    server.hasSession = true
    answerLate(true)
    await vi.waitFor(() => expect(silent.getState().phase).toBe('open'))
  })

  it('does not hold up whoever has data here, nor take it away when it answers', async () => {
    device.enrolments = [enrolment]
    // Data of an earlier log-in; memory stands for what a device keeps.
    device.unlock = { ok: true, key: null as never, isNew: false }
    const place = { serverId: 'http://clinic.test', userId: USER.id, key: null, multiInstance: false }
    const before = await openLocalDatabase(place)
    await writeProfile(before, { user: USER, confirmedAt: Date.now() })
    await before.close()
    await silent.start()
    await silent.unlock(USER.id, PASSWORD)
    const state = silent.getState()
    expect(state.phase).toBe('open')
    server.hasSession = true
    answerLate(true)
    await new Promise((resolve) => setImmediate(resolve))
    expect(silent.getState()).toBe(state)
  })
})

describe('signing in', () => {
  it('opens the data in memory on a shared computer, and notes who was let in', async () => {
    const { session } = await open()
    expect(session.isKept).toBe(false)
    expect(await readProfile(session.database)).toMatchObject({ user: { name: USER.name } })
  })

  it.each([
    [401, 'unauthenticated', 'wrong-credentials'],
    [429, 'rate-limited', 'too-many-tries'],
    [503, 'unavailable', 'refused'],
  ])('tells %i %s as %s', async (status, code, problem) => {
    await controller.start()
    server.refuses = refusal(status, code)
    await signIn()
    expect(controller.getState()).toMatchObject({ phase: 'signed-out', isBusy: false, problem })
  })

  it('asks for the password from before when it was changed on another device', async () => {
    device.enrolments = [{ userId: USER.id, login: USER.email }]
    device.enrol = { ok: false, reason: 'wrong-password' }
    await controller.start()
    await controller.unlock(USER.id, PASSWORD)
    expect(controller.getState()).toMatchObject({ needsPreviousPassword: true, problem: null })
    await controller.signIn({ email: USER.email, password: PASSWORD, previousPassword: 'guess' })
    expect(controller.getState()).toMatchObject({ needsPreviousPassword: true, problem: 'wrong-password-here' })
  })

  it('never makes a new key over one that is damaged', async () => {
    device.enrol = { ok: false, reason: 'damaged' }
    await controller.start()
    await signIn()
    expect(controller.getState()).toMatchObject({ phase: 'signed-out', problem: 'damaged' })
  })

  it('without the server tells a wrong password from a stranger', async () => {
    server.isUp = false
    device.enrolments = [{ userId: USER.id, login: USER.email }]
    await controller.start()
    await signIn('wrong')
    expect(controller.getState()).toMatchObject({ problem: 'wrong-password-here' })
    await controller.signIn({ email: 'someone@else.test', password: PASSWORD })
    expect(controller.getState()).toMatchObject({ problem: 'nothing-kept-here' })
  })
})

describe('a second factor', () => {
  beforeEach(async () => {
    await controller.start()
    server.refuses = asksForCode(false)
  })

  it('asks for a code, and lets nobody in without the right one', async () => {
    await signIn()
    expect(controller.getState()).toMatchObject({
      phase: 'signed-out',
      problem: null,
      secondFactor: { enrolment: null },
    })
    await controller.answerFactor('000000')
    expect(controller.getState()).toMatchObject({ problem: 'wrong-code', secondFactor: { enrolment: null } })
    await controller.answerFactor(CODE)
    expect(controller.getState().phase).toBe('open')
  })

  it('is left by going back, and then a code is worth nothing', async () => {
    await signIn()
    controller.startOver()
    await controller.answerFactor(CODE)
    expect(controller.getState()).toMatchObject({ phase: 'signed-out', secondFactor: null })
  })

  it('is set up where the clinic asks for it, and the recovery codes are shown before anything else', async () => {
    server.refuses = asksForCode(true)
    server.recoveryCodes = ['one', 'two']
    await signIn()
    expect(controller.getState()).toMatchObject({ secondFactor: { enrolment: ENROLMENT } })
    await controller.answerFactor(CODE)
    expect(controller.getState()).toMatchObject({ phase: 'recovery-codes', codes: ['one', 'two'] })
    controller.goOn()
    expect(controller.getState().phase).toBe('open')
  })

  it('is asked for once, also where the password of before is needed for the data kept here', async () => {
    device.enrol = { ok: false, reason: 'wrong-password' }
    await signIn()
    await controller.answerFactor(CODE)
    expect(controller.getState()).toMatchObject({ needsPreviousPassword: true, secondFactor: null })
    device.enrol = { ok: false, reason: 'not-own-device' }
    await controller.givePrevious('the one before')
    expect(controller.getState().phase).toBe('open')
  })
})

describe('a person of several clinics', () => {
  it('chooses one, and is let in there', async () => {
    await controller.start()
    const clinics = [{ id: testId('Clinic', 1), name: 'Riverside Clinic' }]
    server.refuses = { ...refusal(409, 'choose-clinic'), clinics } as ApiFailure
    await signIn()
    expect(controller.getState()).toMatchObject({ clinics, problem: null })
    server.refuses = null
    await controller.chooseClinic(testId('Clinic', 1))
    expect(controller.getState().phase).toBe('open')
  })
})

describe('a session that the server has ended', () => {
  it('is taken up by the password, and by a code where one is asked for', async () => {
    await open()
    server.refuses = asksForCode(false)
    expect(await controller.renew('wrong')).toBe('needs-code')
    expect(await controller.renew(PASSWORD, '000000')).toBe('wrong-code')
    expect(await controller.renew(PASSWORD, CODE)).toBe('in')
  })

  it('asks a locked screen for a code too', async () => {
    await open()
    controller.lock()
    server.refuses = asksForCode(false)
    await controller.reopen(PASSWORD)
    expect(controller.getState()).toMatchObject({ phase: 'locked', needsCode: true, problem: null })
    await controller.reopen(PASSWORD, CODE)
    expect(controller.getState().phase).toBe('open')
  })

  it('cannot be taken up where a factor has to be set up first, and says so', async () => {
    await open()
    server.refuses = asksForCode(true)
    expect(await controller.renew(PASSWORD)).toBe('needs-enrolment')
  })
})

describe('a locked screen', () => {
  it('holds no names, and goes on sending', async () => {
    const { patients, session } = await open()
    controller.lock()
    expect(controller.getState()).toMatchObject({ phase: 'locked', session })
    expect(patients.size()).toBe(0)
    expect(session.database.closed).toBe(false)
  })

  it('opens by the password, and by nothing else', async () => {
    await open()
    controller.lock()
    await controller.reopen('wrong')
    expect(controller.getState()).toMatchObject({ phase: 'locked', problem: 'wrong-credentials' })
    await controller.reopen(PASSWORD)
    expect(controller.getState().phase).toBe('open')
  })

  it('needs the server where no key is kept', async () => {
    await open()
    controller.lock()
    server.isUp = false
    await controller.reopen(PASSWORD)
    expect(controller.getState()).toMatchObject({ phase: 'locked', problem: 'server-needed' })
  })
})

describe('signing out', () => {
  it('waits until everything is sent', async () => {
    const { session } = await open()
    await session.database.appointments.insert(anAppointment({ revision: 0 }))
    await vi.waitFor(() => expect(session.sync.getStatus().waiting).toBe(1))
    expect(await controller.signOut({ isWiped: false })).toBe(1)
    expect(controller.getState().phase).toBe('open')
  })

  it('closes the data and shows the way in', async () => {
    const { session } = await open()
    expect(await controller.signOut({ isWiped: false })).toBe(0)
    expect(session.database.closed).toBe(true)
    expect(controller.getState().phase).toBe('signed-out')
  })

  it('leaves nothing in memory on a shared computer', async () => {
    const first = await open()
    await first.session.database.doctors.insert(aDoctor())
    await controller.signOut({ isWiped: false })
    const second = await open()
    expect(await second.session.database.doctors.count().exec()).toBe(0)
  })
})

describe('a colleague at the locked screen', () => {
  it('finds the way in, with the data of the one before closed', async () => {
    const { session } = await open()
    controller.lock()
    expect(await controller.switchUser()).toBe(0)
    expect(session.database.closed).toBe(true)
    expect(controller.getState().phase).toBe('signed-out')
  })

  it('has to wait where nothing is kept and something is not sent yet', async () => {
    const { session } = await open()
    await session.database.appointments.insert(anAppointment({ revision: 0 }))
    await vi.waitFor(() => expect(session.sync.getStatus().waiting).toBe(1))
    controller.lock()
    expect(await controller.switchUser()).toBe(1)
    expect(controller.getState().phase).toBe('locked')
  })
})

describe('the lease of kept data', () => {
  const profile = { user: USER, confirmedAt: 1_000_000_000_000 }
  it('ends a week after the server last confirmed the person', () => {
    expect(isLeaseAlive(profile, profile.confirmedAt + LEASE_MS)).toBe(true)
    expect(isLeaseAlive(profile, profile.confirmedAt + LEASE_MS + 1)).toBe(false)
  })
  it('is not extended by a clock set back', () => {
    expect(isLeaseAlive(profile, profile.confirmedAt - LEASE_MS - hours(1))).toBe(false)
  })
})
