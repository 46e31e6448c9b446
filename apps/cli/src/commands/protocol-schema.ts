import type { Command } from '../command.ts';

export const protocolSchemaCommand: Command = {
  name: 'protocol schema',
  summary: 'Print the JSON Schema of the study document, for editors and other programs',
  usage: 'protocol schema',
  options: {},
  examples: [{ line: 'protocol schema > limen-protocol-1.schema.json', says: 'Keep it beside your documents' }],
  async run(_, terminal) {
    const { protocolJsonSchema } = await import('@limen/protocol');
    const schema = protocolJsonSchema();
    if (terminal.json) terminal.result(schema);
    else terminal.print(JSON.stringify(schema, null, 2));
    return 0;
  },
};
