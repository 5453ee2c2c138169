import { useTranslation } from 'react-i18next'
import classes from './log-in-screen.module.css'

type QuestionProps = { readonly isOwn: boolean; readonly onAnswer: (isOwn: boolean) => void }

/** Asked once per browser: data is kept on a device only after its user called it their own. */
export function OwnDeviceQuestion({ isOwn, onAnswer }: QuestionProps) {
  const { t } = useTranslation()
  const options = [
    [false, 'shared'],
    [true, 'own'],
  ] as const
  return (
    <fieldset className={classes.question}>
      <legend>{t('log-in.device.question')}</legend>
      {options.map(([value, name]) => (
        <label key={name} className={classes.answer} data-chosen={isOwn === value || undefined}>
          <input type="radio" name="device" checked={isOwn === value} onChange={() => onAnswer(value)} />
          <span>
            <strong>{t(`log-in.device.${name}`)}</strong>
            <span className={classes.about}>{t(`log-in.device.${name}-about`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
