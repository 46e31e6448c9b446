import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { protocolJsonSchema } from './json-schema.ts';

const folder = new URL('../../../protocols/', import.meta.url);
const published = JSON.parse(readFileSync(new URL('limen-protocol-1.schema.json', folder), 'utf8'));
const documents = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
  .map((file) => ({ file, document: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as unknown }));

type Schema = Readonly<Record<string, unknown>>;

/** The part of JSON Schema that our schema uses; a keyword it does not know fails the test. */
const known = new Set(
  '$schema $id $ref $defs title description type properties required additionalProperties items minItems maxItems prefixItems enum const anyOf oneOf allOf minLength maxLength pattern format minimum maximum exclusiveMinimum exclusiveMaximum default propertyNames'.split(
    ' ',
  ),
);

function faults(schema: Schema, value: unknown, path: string): string[] {
  const unknown = Object.keys(schema).filter((keyword) => !known.has(keyword));
  assert.deepEqual(unknown, [], path);
  const found: string[] = [];
  const fail = (what: string) => found.push(`${path}: ${what}`);
  if (typeof schema.$ref === 'string') return faults(resolve(schema.$ref), value, path);
  const each = (list: unknown) => (list as Schema[]).map((one) => faults(one, value, path));
  if (schema.anyOf !== undefined && !each(schema.anyOf).some((one) => one.length === 0)) fail('anyOf');
  if (schema.oneOf !== undefined && each(schema.oneOf).filter((one) => one.length === 0).length !== 1) fail('oneOf');
  if (schema.allOf !== undefined) found.push(...each(schema.allOf).flat());
  if (schema.const !== undefined && schema.const !== value) fail('const');
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) fail('enum');
  if (typeof value === 'string') {
    if (schema.type !== undefined && schema.type !== 'string') fail('type');
    if (typeof schema.minLength === 'number' && value.length < schema.minLength) fail('minLength');
    if (typeof schema.maxLength === 'number' && value.length > schema.maxLength) fail('maxLength');
    if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern, 'u').test(value)) fail('pattern');
  } else if (typeof value === 'number') {
    if (schema.type === 'integer' && !Number.isInteger(value)) fail('integer');
    else if (schema.type !== undefined && schema.type !== 'number' && schema.type !== 'integer') fail('type');
    if (typeof schema.minimum === 'number' && value < schema.minimum) fail('minimum');
    if (typeof schema.maximum === 'number' && value > schema.maximum) fail('maximum');
    if (typeof schema.exclusiveMinimum === 'number' && value <= schema.exclusiveMinimum) fail('exclusiveMinimum');
    if (typeof schema.exclusiveMaximum === 'number' && value >= schema.exclusiveMaximum) fail('exclusiveMaximum');
  } else if (Array.isArray(value)) {
    if (schema.type !== undefined && schema.type !== 'array') fail('type');
    if (typeof schema.minItems === 'number' && value.length < schema.minItems) fail('minItems');
    if (typeof schema.maxItems === 'number' && value.length > schema.maxItems) fail('maxItems');
    const items = schema.items as Schema | undefined;
    if (items) found.push(...value.flatMap((item, index) => faults(items, item, `${path}[${index}]`)));
  } else if (typeof value === 'object' && value !== null) {
    if (schema.type !== undefined && schema.type !== 'object') fail('type');
    const fields = value as Readonly<Record<string, unknown>>;
    const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
    for (const name of (schema.required ?? []) as string[]) if (!(name in fields)) fail(`lacks ${name}`);
    for (const [name, field] of Object.entries(fields)) {
      const part = properties[name];
      if (part !== undefined) found.push(...faults(part, field, `${path}.${name}`));
      else if (schema.additionalProperties === false) fail(`has ${name}`);
    }
  } else if (schema.type !== undefined && schema.type !== 'boolean') fail('type');
  return found;
}

function resolve(reference: string): Schema {
  const steps = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  return steps.reduce((part, step) => part[step] as Schema, published as Schema);
}

test('the published schema is the one of the code', () => {
  assert.deepEqual(published, JSON.parse(JSON.stringify(protocolJsonSchema())));
});

test('every document of the library fits the schema, and a field it does not know is refused', () => {
  for (const { file, document } of documents) {
    assert.deepEqual(faults(published, document, '$'), [], file);
    assert.deepEqual(faults(published, { ...(document as object), extra: 1 }, '$'), ['$: has extra']);
    assert.notDeepEqual(faults(published, { ...(document as object), arms: [] }, '$'), []);
  }
});
