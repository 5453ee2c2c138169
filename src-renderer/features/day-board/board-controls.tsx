import { ActionIcon, Button, Checkbox, Popover, SegmentedControl, Select } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconPin, IconPinFilled } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DoctorId } from '#domain/ids.ts'
import type { Doctor } from '#domain/people/people-schemas.ts'
import type { Clinic } from '#renderer/clinic/use-clinic.ts'
import { KeyHint } from '#renderer/ui/hotkeys/key-hint.tsx'
import { useHotkeys } from '#renderer/ui/hotkeys/use-hotkeys.ts'
import { type Arrangement, groupsOf, MOST_GROUPS } from './arrange-doctors.ts'
import classes from './board-controls.module.css'
import { BOARD_VIEWS, type BoardView } from './board-props.ts'
import { DENSITIES, type Density } from './density.ts'
import { doctorsSeen } from './use-board.ts'

export type ControlsProps = {
  readonly clinic: Clinic
  readonly view: BoardView
  readonly arrangement: Arrangement
  readonly density: Density
  /** Whose week is shown. */
  readonly doctorId: DoctorId
  readonly onView: (view: BoardView) => void
  readonly onDoctor: (id: DoctorId) => void
  readonly onPin: (id: DoctorId) => void
  readonly onGroup: (name: string) => void
  readonly onDensity: (density: Density) => void
}

/** How the board is looked at: which view, whose columns, how tall a minute. */
export function BoardControls(props: ControlsProps) {
  const { clinic, view, onView } = props
  const { t } = useTranslation()
  const seen = useMemo(() => doctorsSeen(clinic), [clinic])
  useGroupKeys(seen, props)
  return (
    <div className={classes.controls}>
      {view === 'week' && <DoctorChoice {...props} doctors={seen} />}
      <SegmentedControl
        size="xs"
        aria-label={t('board.view.label')}
        data={BOARD_VIEWS.map((value) => ({ value, label: t(`board.view.${value}`) }))}
        value={view}
        onChange={(value) => onView(value as BoardView)}
        transitionDuration={0}
        classNames={{ root: classes.views, label: classes.view, indicator: classes.chosen }}
      />
      <Arrange {...props} doctors={seen} />
    </div>
  )
}

/** The digits fold a group away and bring it back, while the board has the focus. */
function useGroupKeys(doctors: readonly Doctor[], { arrangement, onGroup }: ControlsProps): void {
  const groups = groupsOf(doctors, arrangement)
  useHotkeys(
    Array.from({ length: MOST_GROUPS }, (_, index) => ({
      keys: String(index + 1),
      scope: 'board',
      run: () => {
        const group = groups[index]
        if (group && groups.length > 1) onGroup(group.name)
      },
    })),
  )
}

type PartProps = ControlsProps & { readonly doctors: readonly Doctor[] }

function DoctorChoice({ doctors, doctorId, onDoctor }: PartProps) {
  const { t } = useTranslation()
  if (doctors.length === 0) return null
  return (
    <Select
      size="xs"
      aria-label={t('board.week-of')}
      data={doctors.map(({ id, name }) => ({ value: id as string, label: name }))}
      value={doctorId}
      onChange={(id) => id && onDoctor(id as DoctorId)}
      searchable
      classNames={{ root: classes.doctor }}
    />
  )
}

function Arrange({ doctors, arrangement, density, onPin, onGroup, onDensity }: PartProps) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const groups = groupsOf(doctors, arrangement)
  const label = t('board.arrange.label')
  const hidden = groups.filter(({ isShown }) => !isShown).length
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          aria-label={hidden > 0 ? `${label}, ${t('board.arrange.hidden', { count: hidden })}` : label}
          title={label}
          onClick={() => setIsOpen(!isOpen)}
        >
          <IconAdjustmentsHorizontal size={17} stroke={1.6} aria-hidden />
          {hidden > 0 && <span className={classes.hidden}>−{hidden}</span>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className={classes.dropdown}>
        <h2 className={classes.title}>{t('board.arrange.density')}</h2>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t('board.arrange.density')}
          data={DENSITIES.map((value) => ({ value, label: t(`board.arrange.${value}`) }))}
          value={density}
          onChange={(value) => onDensity(value as Density)}
          transitionDuration={0}
          classNames={{ root: classes.views, label: classes.view, indicator: classes.chosen }}
        />
        <h2 className={classes.title}>{t('board.arrange.doctors')}</h2>
        {groups.map(({ name, isShown, doctors: members }, index) => (
          <fieldset key={name} className={classes.set} aria-label={name}>
            <div className={classes.group}>
              <Checkbox
                size="xs"
                label={name}
                checked={isShown}
                disabled={groups.length === 1}
                onChange={() => onGroup(name)}
              />
              {groups.length > 1 && <KeyHint keys={String(index + 1)} />}
            </div>
            <Pins doctors={members} arrangement={arrangement} onPin={onPin} />
          </fieldset>
        ))}
        <Pins
          doctors={doctors.filter((doctor) => groups.every((group) => !group.doctors.includes(doctor)))}
          arrangement={arrangement}
          onPin={onPin}
        />
        <p className={classes.about}>{t('board.arrange.about')}</p>
      </Popover.Dropdown>
    </Popover>
  )
}

function Pins({ doctors, arrangement, onPin }: Pick<PartProps, 'doctors' | 'arrangement' | 'onPin'>) {
  const { t } = useTranslation()
  return doctors.map(({ id, name }) => {
    const isPinned = arrangement.pinned.includes(id)
    const Icon = isPinned ? IconPinFilled : IconPin
    const label = t(isPinned ? 'board.arrange.unpin' : 'board.arrange.pin', { name })
    return (
      <div key={id} className={classes.member}>
        <bdi>{name}</bdi>
        <ActionIcon size="sm" aria-label={label} title={label} aria-pressed={isPinned} onClick={() => onPin(id)}>
          <Icon size={14} stroke={1.6} aria-hidden />
        </ActionIcon>
      </div>
    )
  })
}
