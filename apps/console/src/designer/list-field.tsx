/** A list of the document: every item can be opened, moved and taken away, and new ones added. */
import { formatPath } from '@limen/protocol';
import { Button } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { Tag } from '../frame/tag.tsx';
import { count } from '../words/dates.ts';
import { useDraft, useField } from './draft-context.tsx';
import { isPlain, isWithin, listOf, type Path, textOf } from './value.ts';

type Props = {
  readonly path: Path;
  readonly title: string;
  readonly help?: ReactNode;
  /** What one item is called, such as “arm”. */
  readonly noun: string;
  readonly blank: (items: readonly unknown[]) => unknown;
  readonly nameOf?: (item: unknown) => string;
  /** Emptied, the list is taken out of the document. */
  readonly optional?: boolean;
  readonly children: (path: Path, item: unknown) => ReactNode;
};

const namesOfItems = ['label', 'shortTitle', 'heading', 'title', 'question', 'text', 'version', 'id'] as const;

function nameOfItem(item: unknown): string {
  if (!isPlain(item)) return textOf(item);
  const name = namesOfItems.map((field) => textOf(item[field])).find((one) => one !== '') ?? '';
  return name.length > 90 ? `${name.slice(0, 88)}…` : name;
}

export function ListField({ path, title, help, noun, blank, nameOf = nameOfItem, optional, children }: Props) {
  const { remarks, set } = useDraft();
  const { value, written, fault, remark } = useField(path);
  const room = useRef<HTMLDivElement>(null);
  const items = listOf(value);

  /** The list is drawn again first. */
  const focus = (find: (room: HTMLElement) => HTMLElement | null | undefined) =>
    requestAnimationFrame(() => {
      if (room.current !== null) find(room.current)?.focus();
    });
  const itemAt = (within: HTMLElement, index: number) =>
    within.querySelectorAll<HTMLDetailsElement>(':scope > .item')[index];
  const add = () => {
    set(path, [...items, blank(items)]);
    focus((within) => {
      const item = itemAt(within, items.length);
      if (item !== undefined) item.open = true;
      return item?.querySelector<HTMLElement>('.item-fields [data-path]');
    });
  };
  const remove = (index: number) => {
    const left = items.toSpliced(index, 1);
    set(path, left.length === 0 && optional === true ? undefined : left);
    focus((within) => within.querySelector<HTMLElement>(':scope > .item-add'));
  };
  const move = (index: number, by: number) => {
    set(path, items.toSpliced(index, 1).toSpliced(index + by, 0, items[index]));
    focus((within) => {
      const [item, before] = [itemAt(within, index + by), itemAt(within, index)];
      if (item !== undefined && before !== undefined) [item.open, before.open] = [before.open, item.open];
      return item?.querySelector<HTMLElement>(':scope > summary');
    });
  };

  return (
    <div className="items" ref={room}>
      <h3>{optional === true && items.length === 0 ? `${title} (optional)` : title}</h3>
      {help !== undefined && <p className="hint">{help}</p>}
      {fault !== undefined && <p className="wrong">{fault}</p>}
      {fault === undefined && remark !== undefined && <p className="remark">{remark}</p>}
      {items.map((item, index) => {
        const here = [...path, index];
        const below = remarks.filter((one) => one.severity === 'error' && isWithin(one.path, formatPath(here)));
        const name = nameOf(item) || `${capital(noun)} ${index + 1}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: items have no name that stays while it is typed
          <details key={index} className="item">
            <summary data-path={formatPath(here)}>
              <span className="item-name">{name}</span>
              {below.length > 0 && <Tag tone="alarm">{count(below.length, 'error')}</Tag>}
            </summary>
            <div className="item-fields fields">
              {children(here, item)}
              <div className="item-acts">
                <Act
                  label="Move up"
                  of={name}
                  {...(index === 0 ? { disabled: true } : {})}
                  act={() => move(index, -1)}
                />
                <Act
                  label="Move down"
                  of={name}
                  {...(index === items.length - 1 ? { disabled: true } : {})}
                  act={() => move(index, 1)}
                />
                <Act label="Remove" of={name} act={() => remove(index)} />
              </div>
            </div>
          </details>
        );
      })}
      <Button size="xs" variant="default" onClick={add} className="item-add" data-path={written}>
        Add {/^[aeiou]/.test(noun) ? 'an' : 'a'} {noun}
      </Button>
    </div>
  );
}

function Act({ label, of, act, disabled = false }: { label: string; of: string; act: () => void; disabled?: boolean }) {
  return (
    <Button
      size="xs"
      variant={label === 'Remove' ? 'subtle' : 'default'}
      {...(label === 'Remove' ? { color: 'clay' } : {})}
      disabled={disabled}
      onClick={act}
      aria-label={`${label}: ${of}`}
    >
      {label}
    </Button>
  );
}

const capital = (noun: string) => noun.slice(0, 1).toUpperCase() + noun.slice(1);

/** A part of the document that can be left out. */
export function OptionalPart(props: {
  readonly path: Path;
  readonly title: string;
  readonly help?: ReactNode;
  readonly blank: unknown;
  readonly children: ReactNode;
}) {
  const { path, title, help, blank, children } = props;
  const { value, set, written, fault, remark } = useField(path);
  const room = useRef<HTMLElement>(null);
  const there = value !== undefined;
  const toggle = () => {
    set(there ? undefined : blank);
    requestAnimationFrame(() =>
      room.current?.querySelector<HTMLElement>(there ? '[data-path]' : '.fields [data-path]')?.focus(),
    );
  };
  return (
    <section className="part" ref={room} aria-label={title}>
      <div className="part-head">
        <h3>{there ? title : `${title} (optional)`}</h3>
        <Button
          size="xs"
          variant={there ? 'subtle' : 'default'}
          {...(there ? { color: 'clay' } : {})}
          onClick={toggle}
          data-path={written}
          aria-label={`${there ? 'Leave out' : 'Add'}: ${title}`}
        >
          {there ? 'Leave out' : 'Add'}
        </Button>
      </div>
      {help !== undefined && <p className="hint">{help}</p>}
      {fault !== undefined && <p className="wrong">{fault}</p>}
      {fault === undefined && remark !== undefined && <p className="remark">{remark}</p>}
      {there && <div className="fields">{children}</div>}
    </section>
  );
}
