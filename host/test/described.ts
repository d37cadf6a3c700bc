import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { OpenApiDocument } from '../src/openapi.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body: unknown;
}

/** Checks answers against what the document says of them. */
export function createDescribed(document: OpenApiDocument) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'https://api/', ...document });
  const templates = Object.keys(document.paths);

  return ({ method, path, status, contentType, body }: Seen): void => {
    const what = `${method} ${path} → ${status}`;
    const template = templates.find((template) =>
      new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
    );
    const operation = document.paths[template ?? '']?.[method.toLowerCase()];
    const described = operation?.responses[String(status)];
    expect(described, what).toBeDefined();
    const [[type, content] = [null, undefined]] = Object.entries(described?.content ?? {}) as [
      string,
      { schema: { $ref: string } },
    ][];
    expect(contentType?.split(';')[0] ?? null, what).toBe(type);
    if (content === undefined) return;
    const validate = ajv.compile({ $ref: `https://api/${content.schema.$ref}` });
    expect(validate(body) || validate.errors, `${what} ${JSON.stringify(body)}`).toBe(true);
    const { code } = body as { code?: string };
    if (status >= 400) expect(described?.description, what).toContain(`\`${code}\``);
  };
}
