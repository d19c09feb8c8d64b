import { SyntaxProblem } from './syntax.ts';

const levels = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']];

/** The value of a shell's arithmetic expression; a variable that is no number counts 0. Throws SyntaxProblem. */
export function evaluate(expression: string, variable: (name: string) => string): number {
  const tokens = expression.match(/\d+|[A-Za-z_]\w*|&&|\|\||[=!<>]=|[-+*/%()<>!?:]|\S/g) ?? [];
  let at = 0;
  const take = (token: string) => {
    if (tokens[at] !== token) return false;
    at++;
    return true;
  };
  const wrong = () => new SyntaxProblem(`arithmetic expression: syntax error: "${expression}"`);

  const single = (): number => {
    if (take('-')) return -single();
    if (take('+')) return single();
    if (take('!')) return single() === 0 ? 1 : 0;
    if (take('(')) {
      const value = choice();
      if (!take(')')) throw wrong();
      return value;
    }
    const token = tokens[at++] ?? '';
    if (/^\d/.test(token)) return Number(token);
    if (/^[A-Za-z_]/.test(token)) return Math.trunc(Number(variable(token))) || 0;
    throw wrong();
  };
  const level = (depth: number): number => {
    const operators = levels[depth];
    if (!operators) return single();
    let value = level(depth + 1);
    for (;;) {
      const operator = operators.find(take);
      if (!operator) return value;
      value = apply(operator, value, level(depth + 1));
    }
  };
  const choice = (): number => {
    const value = level(0);
    if (!take('?')) return value;
    const yes = choice();
    if (!take(':')) throw wrong();
    const no = choice();
    return value !== 0 ? yes : no;
  };

  if (tokens.length === 0) return 0;
  const value = choice();
  if (at < tokens.length) throw wrong();
  return value;
}

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0) throw new SyntaxProblem('arithmetic expression: division by zero');
      return Math.trunc(a / b);
    case '%':
      if (b === 0) throw new SyntaxProblem('arithmetic expression: division by zero');
      return a % b;
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    case '&&':
      return Number(a !== 0 && b !== 0);
    default:
      return Number(a !== 0 || b !== 0);
  }
}
