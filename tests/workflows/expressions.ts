import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** What an expression can see, by the names of GitHub's contexts. */
export type Contexts = Readonly<Record<string, unknown>>;

const names = ['github', 'inputs', 'needs', 'vars', 'secrets', 'matrix', 'steps', 'runner'];

const functions = ['success', 'failure', 'cancelled', 'always'].map((name) => ({
  name,
  description: '',
  minArgs: 0,
  maxArgs: 0,
}));

/** Evaluates an expression with GitHub's own evaluator; `succeeded` is what success() says. */
export function evaluate(expression: string, contexts: Contexts, succeeded = true): unknown {
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, names, functions).parse();
  const answers = { success: succeeded, failure: false, cancelled: false, always: true };
  const implementations = new Map(
    functions.map((info) => [
      info.name,
      { ...info, call: () => new data.BooleanData(answers[info.name as keyof typeof answers]) },
    ]),
  );
  const known = Object.fromEntries(names.map((name) => [name, contexts[name] ?? {}]));
  const context = JSON.parse(JSON.stringify(known), data.reviver) as data.Dictionary;
  return JSON.parse(JSON.stringify(new Evaluator(tree, context, implementations).evaluate(), data.replacer));
}

/** Replaces every expression in a text; a text that is one expression keeps the type of its value. */
export function interpolate(text: unknown, contexts: Contexts): unknown {
  if (typeof text !== 'string') return text;
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text.trim());
  if (whole !== null) return evaluate(String(whole[1]), contexts);
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression) => String(evaluate(expression, contexts) ?? ''));
}

/** Whether a job or step with this condition runs, when all before it did or did not succeed. */
export function holds(condition: string | undefined, contexts: Contexts, succeeded: boolean): boolean {
  const expression = (condition ?? 'success()').trim().replace(/^\$\{\{(.*)\}\}$/s, '$1');
  const statesIt = /\b(success|failure|cancelled|always)\(\)/.test(expression);
  return Boolean(evaluate(statesIt ? expression : `success() && (${expression})`, contexts, succeeded));
}
