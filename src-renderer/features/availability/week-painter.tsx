import { type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  DAY_MINUTES,
  erase,
  type Publish,
  paint,
  stretchesOf,
  WEEKDAYS,
  type WeekPlan,
  type Weeks,
} from '#domain/schedule/week-plan.ts'
import { timeOfMinute } from '#domain/time/clinic-time.ts'
import { useFormat } from '#renderer/clinic/format.ts'
import classes from './availability.module.css'
import { dayOfWeekday } from './weekday-names.ts'

export type Brush = { readonly publish: Publish | 'erase'; readonly weeks: Weeks }
type PainterProps = { readonly plan: WeekPlan; readonly brush: Brush; readonly onPlan: (plan: WeekPlan) => void }

const STEP = 15
type Drag = { readonly weekday: number; readonly from: number; readonly to: number }

/** The week to be painted with the pointer. The rows beside it say and do the same by key, so that it is a picture to others. */
export function WeekPainter({ plan, brush, onPlan }: PainterProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [drag, setDrag] = useState<Drag | null>(null)
  const { first, last } = rangeShown(plan)
  const body = useRef<HTMLDivElement>(null)
  const minuteAt = (event: PointerEvent): number => {
    const box = body.current?.getBoundingClientRect()
    const share = box ? (event.clientY - box.top) / box.height : 0
    const minute = first + Math.floor((share * (last - first)) / STEP) * STEP
    return Math.min(last - STEP, Math.max(first, minute))
  }
  const end = (): void => {
    if (!drag) return
    const stroke = { ...strokeOfDrag(drag), weeks: brush.weeks }
    onPlan(brush.publish === 'erase' ? erase(plan, stroke) : paint(plan, stroke, brush.publish))
    setDrag(null)
  }
  const place = (start: number, until: number) => ({
    insetBlockStart: `${((start - first) / (last - first)) * 100}%`,
    blockSize: `${((Math.min(until, last) - start) / (last - first)) * 100}%`,
  })
  const hours = Array.from({ length: (last - first) / 60 }, (_, index) => first + index * 60)
  return (
    <div className={classes.painter} role="img" aria-label={t('availability.picture')}>
      <div className={classes.days}>
        {WEEKDAYS.map((weekday) => (
          <span key={weekday}>{format.weekday(dayOfWeekday(weekday))}</span>
        ))}
      </div>
      <div className={classes.hours}>
        {hours.map((minute) => (
          <span key={minute} style={{ insetBlockStart: `${((minute - first) / (last - first)) * 100}%` }}>
            {timeOfMinute(minute)}
          </span>
        ))}
      </div>
      <div ref={body} className={classes.columns} style={{ '--hours': hours.length } as never}>
        {WEEKDAYS.map((weekday) => (
          <div
            key={weekday}
            className={classes.column}
            data-weekday={weekday}
            onPointerDown={(event) => {
              if (event.button !== 0) return
              event.currentTarget.setPointerCapture(event.pointerId)
              const minute = minuteAt(event)
              setDrag({ weekday, from: minute, to: minute })
            }}
            onPointerMove={(event) => drag && setDrag({ ...drag, to: minuteAt(event) })}
            onPointerUp={end}
            onPointerCancel={() => setDrag(null)}
          >
            {stretchesOf(plan, weekday).map(({ start, end: until, publish, weeks }) => (
              <span
                key={`${weeks} ${start}`}
                className={classes.block}
                data-publish={publish}
                data-weeks={weeks}
                style={place(start, until)}
              >
                <bdi className="tabular">
                  {timeOfMinute(start)}–{timeOfMinute(until % DAY_MINUTES)}
                </bdi>
                <span>{t(`availability.publish.${publish}`)}</span>
                {weeks !== 'every' && <span>{t(`availability.weeks.${weeks}`)}</span>}
              </span>
            ))}
            {drag?.weekday === weekday && (
              <span
                className={classes.ghost}
                data-erase={brush.publish === 'erase' || undefined}
                style={place(strokeOfDrag(drag).start, strokeOfDrag(drag).end)}
              >
                <bdi className="tabular">
                  {timeOfMinute(strokeOfDrag(drag).start)}–{timeOfMinute(strokeOfDrag(drag).end % DAY_MINUTES)}
                </bdi>
              </span>
            )}
          </div>
        ))}
      </div>
    </div>
  )
}

const strokeOfDrag = ({ weekday, from, to }: Drag) => ({
  weekday,
  start: Math.min(from, to),
  end: Math.max(from, to) + STEP,
})

/** Full hours around all that is open, at least the usual day. */
function rangeShown(plan: WeekPlan): { readonly first: number; readonly last: number } {
  const all = WEEKDAYS.flatMap((weekday) => stretchesOf(plan, weekday))
  const first = Math.min(7 * 60, ...all.map(({ start }) => start))
  const last = Math.max(20 * 60, ...all.map(({ end }) => Math.min(end, DAY_MINUTES)))
  return { first: Math.floor(first / 60) * 60, last: Math.ceil(last / 60) * 60 }
}
