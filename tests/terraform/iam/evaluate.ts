/**
 * How IAM decides, as far as our policies go: wildcards, conditions, allow, deny and boundary, as
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html has it. Our own,
 * because the one library that is kept up to date has a licence (AGPL) that does not go with ours. What it
 * does not know it refuses to judge.
 */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One action on one resource; a call that names several needs each of them to be allowed. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

export function isAllowed(statements: readonly Statement[], request: Request): boolean {
  const fitting = statements.filter((statement) => applies(statement, request));
  return fitting.some(({ Effect }) => Effect === 'Allow') && !fitting.some(({ Effect }) => Effect === 'Deny');
}

/** A text with * and ? as IAM has them, as a pattern for the whole of another. */
export function pattern(text: string, flags = ''): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`);
}

export function listed<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

function applies(statement: Statement, { action, resource, context }: Request): boolean {
  const names = (actions: string | readonly string[] | undefined) =>
    listed(actions).some((wanted) => pattern(wanted, 'i').test(action));
  const fits = statement.NotAction === undefined ? names(statement.Action) : !names(statement.NotAction);
  return (
    fits &&
    listed(statement.Resource).some((wanted) => pattern(wanted).test(resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, valuesOf(context, key), listed(wanted))),
    )
  );
}

function valuesOf(context: Context, key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : listed(found[1]);
}

function holds(operator: string, values: readonly string[] | undefined, wanted: readonly string[]): boolean {
  const equal = (value: string) => wanted.includes(value);
  const like = (value: string) => wanted.some((text) => pattern(text).test(value));
  switch (operator) {
    case 'Null':
      return wanted.includes(String(values === undefined));
    case 'StringEquals':
      return values?.some(equal) ?? false;
    case 'StringEqualsIfExists':
      return values?.some(equal) ?? true;
    case 'StringNotEquals':
      // a key that is not there is not equal
      return values === undefined || !values.some(equal);
    case 'ForAllValues:StringLike':
      return (values ?? []).every(like);
    case 'ForAllValues:StringNotEquals':
      return !(values ?? []).some(equal);
    default:
      throw new Error(`The condition ${operator} is not known to this evaluator.`);
  }
}
