/** Python's truth value of a value that came from JSON: the reference system tests its flags by `if value`. */
export function isPythonTruthy(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
