import fc from 'fast-check';
import type { OpenAPIV3_1 } from 'openapi-types';

type Schema = OpenAPIV3_1.SchemaObject & { readonly const?: unknown };

/** A request of an operation of the document, sensible or not. */
export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: readonly Pair[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Any request that the document allows, and many that it does not. */
export function anyRequest(document: OpenAPIV3_1.Document): fc.Arbitrary<FuzzedRequest> {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]) => requestOf(path, method, operation as never)),
  );
  return fc.oneof(...operations);
}

function requestOf(path: string, method: string, operation: OpenAPIV3_1.OperationObject): fc.Arbitrary<FuzzedRequest> {
  const parameters = (operation.parameters ?? []) as OpenAPIV3_1.ParameterObject[];
  const inQuery = parameters.filter((parameter) => parameter.in === 'query').map(anyParameter);
  const inHeaders = parameters.filter((parameter) => parameter.in === 'header').map(anyHeader);
  const stray = mostlyNot(fc.tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 })));
  const content = (operation.requestBody as OpenAPIV3_1.RequestBodyObject | undefined)?.content ?? {};
  const bodySchema = content['application/json']?.schema as Schema | undefined;
  const noBody: fc.Arbitrary<string | undefined> = fc.constant(undefined);
  return fc
    .record({
      query: fc.tuple(...inQuery, stray).map((pairs) => impatient(pairs.filter((pair) => pair !== undefined))),
      headers: fc.tuple(...inHeaders).map((pairs) => Object.fromEntries(pairs.filter((pair) => pair !== undefined))),
      body: bodySchema ? fc.oneof(noBody, anyBody(bodySchema)) : noBody,
    })
    .map((parts) => ({ method: method.toUpperCase(), path, ...parts }));
}

type Pair = readonly [name: string, value: string];

function impatient(query: Pair[]): Pair[] {
  const names = query.map(([name]) => name);
  return names.includes('until') && !names.includes('wait') ? [...query, ['wait', '0']] : query;
}

function mostlyNot<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 20, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

function anyParameter({ name, schema }: OpenAPIV3_1.ParameterObject) {
  const value = fc.oneof(
    { weight: 5, arbitrary: anyText(name, schema as Schema) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  );
  return fc.option(fc.tuple(fc.constant(name), value), { nil: undefined });
}

function anyHeader({ name }: OpenAPIV3_1.ParameterObject) {
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('*', '"x"', 'W/"x"') },
    { weight: 1, arbitrary: fc.stringMatching(/^[!-~]{0,30}$/) },
  );
  // Seldom: a precondition that does not hold keeps a request from doing anything.
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.tuple(fc.constant(name), value) },
  );
}

/** A value that the schema allows, as it stands in a query. */
function anyText(name: string, schema: Schema): fc.Arbitrary<string> {
  if (name === 'wait') return fc.constantFrom('0', '1', '-1', '301', '1.5', '');
  if (name === 'profile') return fc.constantFrom('default', 'default', 'mail', 'mail', 'nobody', '../mail', '');
  return anyValid(schema).map(String);
}

function anyBody(schema: Schema): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: anyValid(schema).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 50 }) },
    { weight: 1, arbitrary: fc.constant('x'.repeat(20_000)) },
  );
}

function anyValid(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((member) => anyValid(member as Schema)));
  if (schema.type === 'object') return anyObject(schema);
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer' || schema.type === 'number') {
    const { minimum = -1_000, maximum = 1_000 } = schema;
    return fc.oneof(
      fc.constantFrom(minimum, maximum, minimum - 1, maximum + 1),
      fc.integer({ min: minimum, max: maximum }),
    );
  }
  return fc.oneof(fc.constantFrom('default', 'mail'), fc.string({ unit: 'grapheme', maxLength: 30 }));
}

function anyObject({ properties = {} }: Schema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([name, schema]) => [name, anyValid(schema as Schema)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: [] });
}
