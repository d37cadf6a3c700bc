import { STATUS_CODES } from 'node:http';
import { type ErrorCode, VotingError } from '@voting/core';
import { refusalOf } from '@voting/pages';
import { z } from 'zod';
import { type Operation, refusalsOf } from './operation.ts';
import { problemType } from './problem.ts';
import * as json from './schemas.ts';

export interface DescribedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly object[];
  readonly parameters: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, Described>>;
}

interface Described {
  readonly description: string;
  readonly headers?: object;
  readonly content?: object;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly securitySchemes: object;
  };
}

/** The operations as an OpenAPI 3.1 document, whose schemas are those that check requests and answers. */
export function describeApi(operations: readonly Operation[]): OpenApiDocument {
  const paths: Record<string, Record<string, DescribedOperation>> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describeOperation(operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hosting polls',
      version: '1',
      description:
        'Rooms, their polls, and how these stand. Times are in UTC. Whoever changes or removes something names in If-Match the ETag of what was seen.',
    },
    paths,
    components: {
      schemas: schemas(),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key of HOST_KEYS, for programs' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'host_session',
          description: 'From signIn, for browsers',
        },
      },
    },
  };
}

function describeOperation(operation: Operation): DescribedOperation {
  const { name, summary, hostsOnly, body, bodyOptional } = operation;
  return {
    operationId: name,
    summary,
    security: hostsOnly ? [{ key: [] }, { session: [] }] : [],
    parameters: parametersOf(operation),
    ...(body && {
      requestBody: { required: !bodyOptional, content: { 'application/json': contentOf(body) } },
    }),
    responses: responsesOf(operation),
  };
}

function parametersOf({ path, ifMatch }: Operation): object[] {
  const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  if (ifMatch === undefined) return inPath;
  const required = ifMatch === 'required';
  const description = 'The ETag of what was seen, or * for whatever there is';
  return [...inPath, { name: 'If-Match', in: 'header', required, description, schema: { type: 'string' } }];
}

function responsesOf(operation: Operation): Record<string, Described> {
  const { status, reply } = operation;
  const responses: Record<string, Described> = {
    [status]: {
      description: STATUS_CODES[status] ?? '',
      ...(reply && { content: { 'application/json': contentOf(reply) } }),
    },
  };
  for (const [refused, codes] of byStatus(refusalsOf(operation))) {
    responses[refused] = {
      description: codes.map((code) => `\`${code}\``).join(', '),
      content: { [problemType]: contentOf(json.problem) },
    };
  }
  return responses;
}

function byStatus(codes: readonly ErrorCode[]): Map<number, readonly ErrorCode[]> {
  return Map.groupBy(codes, (code) => refusalOf(new VotingError(code)).status);
}

/** By reference: each schema of ours has a name. */
function contentOf(schema: z.ZodType): object {
  return { schema: { $ref: refOf(schema.meta()?.id ?? '') } };
}

function refOf(id: string): string {
  return `#/components/schemas/${id}`;
}

function schemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const schema of Object.values(json)) registry.add(schema, { id: schema.meta()?.id ?? '' });
  const { schemas: made } = z.toJSONSchema(registry, { uri: refOf });
  // where it stands in the document says the same
  return Object.fromEntries(Object.entries(made).map(([id, { $schema, $id, ...schema }]) => [id, schema]));
}
