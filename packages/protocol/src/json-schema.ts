/** The JSON Schema of the study document, for editors and other programs. */
import { z } from 'zod';
import { documentFormat, protocolSchema } from './document.ts';

/**
 * Draft 2020-12, of documents as they are written: fields with a default may be left out. It says what a document looks
 * like; whether it makes sense is for `findings` to say.
 */
export function protocolJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(protocolSchema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: `urn:limen:${documentFormat.replace('/', ':')}`, title: 'Study document', ...schema };
}
