/**
 * Makes every use of an Electron API that the stand-in lacks an error that names it. Answering `undefined` instead would let
 * a spec pass for the wrong reason.
 */
import { EventEmitter } from 'node:events'

/** Read by promises, printers and serialisers on any object. */
const HARMLESS: ReadonlySet<PropertyKey> = new Set(['then', 'toJSON', 'asymmetricMatch'])

/** The object itself, with an error for every name it does not have. */
export function strictObject<Value extends object>(name: string, value: Value): Value {
  return Object.setPrototypeOf(value, refusing(name, Object.getPrototypeOf(value)))
}

/** A base class of event emitters whose instances refuse names that no subclass defines. */
export function strictEmitter(name: string): new () => EventEmitter {
  class Strict extends EventEmitter {}
  Object.setPrototypeOf(Strict.prototype, refusing(name, EventEmitter.prototype))
  return Strict
}

/** Makes a class refuse unknown static names. */
export function strictStatics(name: string, type: object): void {
  Object.setPrototypeOf(type, refusing(name, Object.getPrototypeOf(type)))
}

function refusing(name: string, parent: object): object {
  return new Proxy(parent, {
    get(target, key, receiver) {
      if (key in target || typeof key === 'symbol' || HARMLESS.has(key)) return Reflect.get(target, key, receiver)
      throw new Error(`stand-in: ${name}.${key} is not implemented`)
    },
  })
}
