/** OpenAPI 3.1 from the contract, and a page of it that people can read. Both are made once, at the start. */
import { type Access, allRoutes, type Route, shapes } from '@limen/contract';
import { z } from 'zod';
import { serverVersion } from './version.ts';

type JsonSchema = Record<string, unknown>;

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' });
  return rest as JsonSchema;
}

const mediaTypes: Readonly<Record<Route['media'], string>> = {
  json: 'application/json',
  html: 'text/html',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  events: 'text/event-stream',
  text: 'text/plain',
  pdf: 'application/pdf',
  calendar: 'text/calendar',
};

export function describeAccess(access: Access): string {
  switch (access.kind) {
    case 'public':
      return 'Anyone.';
    case 'signedIn':
      return 'Anyone signed in.';
    case 'installation':
      return `Administrators of the installation${access.stepUp === true ? ', freshly confirmed' : ''}.`;
    case 'anyStudy':
      return `In any study: ${access.roles.join(', ')}.`;
    case 'study':
    case 'participant':
      return `${access.roles.join(', ')}${access.stepUp === true ? '; freshly confirmed' : ''}.`;
  }
}

export function renderOpenApi(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of allRoutes) {
    const path = route.path.replace(/:([A-Za-z]+)/g, '{$1}');
    const operations = paths[path] ?? {};
    operations[route.method.toLowerCase()] = operationOf(route);
    paths[path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Limen study server',
      version: serverVersion,
      description: 'The HTTP contract of the blinded server. Refusals are problem documents (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [...new Set(allRoutes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: schemaOf(shapes.problem, 'output') },
      securitySchemes: { session: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operationOf(route: Route): object {
  const body = schemaOf(route.body, 'input');
  const takesBody = route.method === 'POST' && body.type === 'object';
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: `For: ${describeAccess(route.access)}`,
    security: route.access.kind === 'public' ? [] : [{ session: [] }],
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
    ...(takesBody ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      200: {
        description: 'Done',
        content: { [mediaTypes[route.media]]: { schema: schemaOf(route.reply, 'output') } },
      },
      default: {
        description: 'Refused',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): object[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: field,
  }));
}

export function renderDocsPage(): string {
  const tags = [...new Set(allRoutes.map(({ tag }) => tag))];
  const contents = tags.map((tag) => `<li><a href="#${slug(tag)}">${asHtml(tag)}</a></li>`).join('');
  const sections = tags.map(renderTag).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Limen: the HTTP contract</title>
<style>${styles}</style>
</head>
<body>
<main>
<h1>The HTTP contract</h1>
<p>Version ${asHtml(serverVersion)}. The same declarations as an <a href="/docs/openapi.json">OpenAPI 3.1 document</a>.
Sign in for a token and send it as <code>Authorization: Bearer</code>. Refusals are problem documents (RFC 9457) with a
stable <code>code</code>.</p>
<nav aria-label="Sections"><ul>${contents}</ul></nav>
${sections}
</main>
</body>
</html>
`;
}

function renderTag(tag: string): string {
  const routes = allRoutes.filter((route) => route.tag === tag).map(renderRoute);
  return `<section aria-labelledby="${slug(tag)}"><h2 id="${slug(tag)}">${asHtml(tag)}</h2>${routes.join('')}</section>`;
}

function renderRoute(route: Route): string {
  const body = schemaOf(route.body, 'input');
  const parts = [
    `<p>${asHtml(route.summary)}.</p>`,
    `<p class="for">For: ${asHtml(describeAccess(route.access))}</p>`,
    body.type === 'object' ? renderSchema('Body', body) : '',
    route.media === 'json' ? renderSchema('Reply', schemaOf(route.reply, 'output')) : `<p>Reply: ${route.media}</p>`,
  ];
  const heading = `<span class="method">${route.method}</span> <code>${asHtml(route.path)}</code>`;
  return `<article id="${route.id}"><h3>${heading}</h3>${parts.join('')}</article>`;
}

function renderSchema(title: string, schema: JsonSchema): string {
  const text = asHtml(JSON.stringify(schema, null, 2));
  return `<details><summary>${title}</summary><pre tabindex="0">${text}</pre></details>`;
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const styles = `:root{color-scheme:light dark;--ink:#1c2330;--paper:#fdfcf9;--line:#d9d5cb;--quiet:#5c6472;--mark:#0b5d54}
@media (prefers-color-scheme:dark){:root{--ink:#e8e6e0;--paper:#15191f;--line:#343b46;--quiet:#a3abb8;--mark:#7fd1c4}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
main{max-width:52rem;margin:0 auto;padding:2rem 1.25rem 4rem}a{color:var(--mark)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}
article{border-top:1px solid var(--line);padding:.75rem 0}h3{font-size:1rem;margin:.25rem 0;overflow-wrap:anywhere}
.method{color:var(--mark);font-weight:700}.for{color:var(--quiet);margin:.25rem 0}p{margin:.25rem 0}
pre{overflow:auto;max-height:24rem;border:1px solid var(--line);padding:.75rem;font-size:.8125rem}
summary{cursor:pointer;min-height:1.5rem}`;
