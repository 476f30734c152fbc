import { z } from 'zod';
import { configSchema, ENVIRONMENT_KEYS } from '../../../apps/gateway/src/config/schema.ts';
import { MEANING } from './configuration-words.ts';
import { cell, code, head, table } from './page.ts';

/** A key of `config.yaml`. */
interface Key {
  readonly path: string;
  /** `kind: command` for a key that only this agent has. */
  readonly only: string;
  readonly type: string;
  readonly fallback: string;
}

/** `reference/configuration.md`, from the zod schema of the gateway. */
export function configurationPage(): string {
  const keys = keysOf(configSchema, '', '');
  const variables = Object.entries(ENVIRONMENT_KEYS).map(([name, path]) => [code(name), code(path.join('.'))]);
  return `${head('Configuration', 'the zod schema of the gateway')}
You want to know which keys \`config.yaml\` in a profile's home may have. A mistake ends the start with exit code 78 and the file, line and key. Keys of
other programs are allowed; the gateway ignores them with a warning. A heading below is the section that its keys belong to.

${groups(keys).join('\n\n')}

\`on_disconnect\` may also be one word for both routes. [Agents](../configure/agents.md), [Channels](../configure/channels.md) and
[Access](../configure/access.md) explain the sections.

## Variables

A variable overrides the key. An empty variable counts as unset. So does one with the address of a Kubernetes Service
(\`API_SERVER_PORT=tcp://…\`), with a warning. \`API_SERVER_KEY_FILE\` may name a file with the key.

${table(['variable', 'key'], variables)}

The other variables are in the command references of [hermes-gateway](hermes-gateway.md) and [hermes-dashboard](hermes-dashboard.md).
`;
}

/** A heading and a table for the keys of the top level, and for each section or kind of agent. */
function groups(keys: readonly Key[]): string[] {
  const byTitle = Map.groupBy(keys, ({ path, only }) => (path.includes('.') ? path.split('.')[0] + only : 'Top level'));
  return [...byTitle].map(
    ([title, group]) => `## ${title}\n\n${table(['key', 'meaning', 'value', 'default'], group.map(keyRow))}`,
  );
}

function keyRow({ path, type, fallback }: Key): string[] {
  const name = path.split('.').at(-1) ?? path;
  return [code(name), MEANING[path] ?? '', cell(type), fallback === '' ? '' : code(fallback)];
}

/** Every key that the schema knows, by its dotted path. */
export function configurationKeys(): Set<string> {
  return new Set(keysOf(configSchema, '', '').map(({ path }) => path));
}

function keysOf(schema: z.core.$ZodType, path: string, only: string): Key[] {
  const { inner, fallback } = unwrap(schema);
  if (inner instanceof z.ZodDiscriminatedUnion) return unionKeys(inner, path);
  if (inner instanceof z.ZodObject)
    return Object.entries(inner.shape).flatMap(([name, of]) =>
      keysOf(of, path === '' ? name : `${path}.${name}`, only),
    );
  return [{ path, only, type: typeOf(inner), fallback: fallback === undefined ? '' : JSON.stringify(fallback) }];
}

function unionKeys(union: z.ZodDiscriminatedUnion, path: string): Key[] {
  const kinds = union.options.map((option) => (option as z.ZodObject).shape['kind'] as z.ZodLiteral<string>);
  const kind: Key = {
    path: `${path}.kind`,
    only: '',
    type: kinds.map(({ value }) => value).join(', '),
    fallback: '"echo"',
  };
  const keys = union.options.flatMap((option, index) => {
    const note = ` (${kinds[index]?.value})`;
    return keysOf(option as z.ZodObject, path, note).filter((key) => key.path !== kind.path);
  });
  return [kind, ...keys];
}

/** What is inside of defaults, optional values and transformations. */
function unwrap(schema: z.core.$ZodType): { inner: z.core.$ZodType; fallback?: unknown } {
  if (schema instanceof z.ZodDefault) return { ...unwrap(schema.def.innerType), fallback: schema.def.defaultValue };
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrap(schema.def.innerType);
  if (schema instanceof z.ZodPipe)
    return unwrap(schema.def.in instanceof z.ZodTransform ? schema.def.out : schema.def.in);
  return { inner: schema };
}

function typeOf(schema: z.core.$ZodType): string {
  const json = z.toJSONSchema(schema, { unrepresentable: 'any' });
  return describe(json);
}

function describe(json: z.core.JSONSchema.BaseSchema): string {
  if (json.enum) return json.enum.join(', ');
  if (json.anyOf) return json.anyOf.map((one) => describe(one as z.core.JSONSchema.BaseSchema)).join(', or ');
  if (json.type === 'object') return 'mapping of texts';
  if (json.type === 'array') return `list of ${plural(json.items as z.core.JSONSchema.BaseSchema)}`;
  if (json.type === 'boolean') return 'true, false';
  if (json.type === 'number' || json.type === 'integer') return `${json.type}${range(json)}`;
  return 'text';
}

function plural(items: z.core.JSONSchema.BaseSchema): string {
  if (items.anyOf) return 'addresses or networks';
  if (items.type === 'object') return 'servers';
  return items.type === 'integer' || items.type === 'number' ? 'numbers' : 'texts';
}

function range({ minimum, exclusiveMinimum, maximum }: z.core.JSONSchema.BaseSchema): string {
  if (maximum === undefined || maximum === Number.MAX_SAFE_INTEGER) return '';
  return exclusiveMinimum === undefined ? ` from ${minimum} to ${maximum}` : ` above ${exclusiveMinimum} to ${maximum}`;
}
