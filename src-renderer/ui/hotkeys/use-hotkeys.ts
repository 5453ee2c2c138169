/**
 * One listener for all shortcuts. Components add theirs while they are on screen; of two that want the same keys the one
 * added last wins. A hotkey with a scope acts only while the focus is inside an element whose `data-hotkey-scope` names it
 * (maybe among others, separated by blanks), or nowhere; keys that type a character never act in a text field.
 */
import { useEffect, useRef } from 'react'
import { type Chord, isPressed, isTyping, parseKeys } from './key-chord.ts'

export type Hotkey = {
  /** As in the command list, for example `CmdOrCtrl+K`, `g d`. */
  readonly keys: string
  readonly scope?: string
  /** True for keys a text field has its own use for, such as undo: they act only outside of one. */
  readonly isTyping?: boolean
  readonly run: () => unknown
}

type Layer = { readonly current: readonly Hotkey[] }
type Waiting = { readonly hotkey: Hotkey; readonly rest: readonly Chord[] }

const SEQUENCE_MS = 1_200
const layers: Layer[] = []
let waiting: readonly Waiting[] = []
let waitingSince = 0
let singleKeysAreOn = true

/** Switches shortcuts of single characters on or off (WCAG 2.1.4); those with Ctrl or Alt stay. */
export function setSingleKeys(isOn: boolean): void {
  singleKeysAreOn = isOn
}

/** Adds hotkeys while the component is on screen. */
export function useHotkeys(hotkeys: readonly Hotkey[]): void {
  const latest = useRef(hotkeys)
  latest.current = hotkeys
  useEffect(() => {
    layers.push(latest)
    if (layers.length === 1) window.addEventListener('keydown', onKeyDown)
    return () => {
      layers.splice(layers.indexOf(latest), 1)
      if (layers.length === 0) window.removeEventListener('keydown', onKeyDown)
    }
  }, [])
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isModifier(event.key)) return
  const target = event.target instanceof Element ? event.target : null
  if (isTyping(event) && (!singleKeysAreOn || isTextField(target))) return
  const now = event.timeStamp
  const begun = now - waitingSince < SEQUENCE_MS ? waiting : []
  const candidates = [...begun, ...startsFor(target)]
  waiting = []
  const hits = candidates.filter(({ rest }) => rest[0] && isPressed(rest[0], event))
  const done = hits.find(({ rest }) => rest.length === 1)
  if (!done && hits.length === 0) return
  event.preventDefault()
  if (done) {
    done.hotkey.run()
    return
  }
  waiting = hits.map(({ hotkey, rest }) => ({ hotkey, rest: rest.slice(1) }))
  waitingSince = now
}

function startsFor(target: Element | null): Waiting[] {
  const modal = document.querySelector('[aria-modal="true"]')
  // What lies under a dialog is not acted on, even where the focus has not left it yet.
  const isCovered = modal !== null && !modal.contains(target)
  const scoped = isCovered ? null : target?.closest<HTMLElement>('[data-hotkey-scope]')
  const scopes = scoped?.dataset.hotkeyScope?.split(' ') ?? []
  const isNowhere = target === null || target === document.body
  return layers
    .toReversed()
    .flatMap((layer) => layer.current)
    .filter((hotkey) => !(hotkey.isTyping && isTextField(target)))
    .filter((hotkey) => hotkey.scope === undefined || scopes.includes(hotkey.scope) || (isNowhere && modal === null))
    .map((hotkey) => ({ hotkey, rest: parseKeys(hotkey.keys) }))
}

const isModifier = (key: string): boolean => ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph'].includes(key)

/** Whether letters are typed into it. */
export function isTextField(target: Element | null): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable)
}
