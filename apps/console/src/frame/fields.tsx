/** Fields that several forms share. */
import { Select, Textarea } from '@mantine/core';
import { useMemo } from 'react';
import { timeZones } from '../words/dates.ts';

type TextField = { label: string; value: string; onChange: (value: string) => void; description?: string };

export function ZoneSelect({ label, value, onChange, description }: TextField) {
  const zones = useMemo(timeZones, []);
  return (
    <Select
      label={label}
      description={description}
      data={zones}
      value={value}
      onChange={(zone) => onChange(zone ?? value)}
      searchable
      limit={60}
      allowDeselect={false}
      nothingFoundMessage="No such time zone"
      maxDropdownHeight={240}
    />
  );
}

const reasonCharacters = 1000;

export function ReasonField({ label, value, onChange, description }: TextField) {
  return (
    <Textarea
      label={label}
      description={description}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      required
      withAsterisk={false}
      minLength={3}
      maxLength={reasonCharacters}
      autosize
      minRows={3}
    />
  );
}
