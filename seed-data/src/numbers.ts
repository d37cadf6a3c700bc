const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

export function wholeNumber(value: number): string {
  return whole.format(value);
}

export function fineNumber(value: number): string {
  return fine.format(value);
}
