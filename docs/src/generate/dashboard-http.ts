import { readFileSync } from 'node:fs';
import { cell, code, head, table } from './page.ts';

const DOCUMENT = new URL('../../../apps/dashboard/openapi.json', import.meta.url);

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly description?: string }>>;
  readonly security?: readonly unknown[];
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** `reference/dashboard-http.md`, from the OpenAPI document of the dashboard. */
export function dashboardHttpPage(): string {
  const { paths } = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(`${method.toUpperCase()} ${path}`, operation)),
  );
  return `${head('HTTP API of the dashboard', 'apps/dashboard/openapi.json')}
You want to look up a route. [Drain over HTTP](../drain/http.md) explains how to use them. A running dashboard shows the same at \`/docs\`.

${operations.join('\n')}`;
}

function section(title: string, operation: Operation): string {
  const { summary = '', description, parameters = [], requestBody, responses, security } = operation;
  const paragraphs = [`## ${title}`, `${cell(summary)}.${security ? ' Needs a bearer secret.' : ''}`];
  if (description) paragraphs.push(cell(description));
  if (parameters.length > 0)
    paragraphs.push('**Parameters**', table(['name', 'in', 'type', 'meaning'], parameters.map(row)));
  const body = schemaOf(requestBody);
  if (body) paragraphs.push('**Body**', fields(body));
  paragraphs.push(
    '**Answers**',
    table(
      ['status', 'meaning'],
      Object.entries(responses).map(([status, answer]) => [status, cell(answer.description ?? '')]),
    ),
  );
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  const answer = schemaOf(success);
  if (answer?.properties || answer?.anyOf) paragraphs.push('**Fields of the answer**', fields(answer));
  return `${paragraphs.join('\n\n')}\n`;
}

function row({
  name,
  in: place,
  description = '',
  schema = {},
}: NonNullable<Operation['parameters']>[number]): string[] {
  return [code(name), place, cell(type(schema)), cell(description || schema.description || '')];
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return content?.content?.['application/json']?.schema;
}

function fields(schema: Schema): string {
  const variants = schema.properties ? [schema] : (schema.anyOf ?? []).filter(({ properties }) => properties);
  const rows = variants.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, field]) => [
      code(name),
      cell(type(field)),
      required.includes(name) ? 'yes' : 'no',
      cell(field.description ?? ''),
    ]),
  );
  const seen = new Set<string>();
  const unique = rows.filter((cells) => !seen.has(cells.join()) && seen.add(cells.join()));
  return table(['field', 'type', 'always', 'meaning'], unique);
}

function type(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(type))].join(' or ');
  if (schema.type === 'array') return `list of ${type(schema.items ?? {})}`;
  return typeof schema.type === 'string' ? schema.type : (schema.type?.join(' or ') ?? 'any');
}
