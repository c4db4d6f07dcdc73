/** Members that hold passwords, keys, or what users hand to their servers, in replies and rows of any service. */
const secretName =
  /^(?:OS-EXT-SRV-ATTR:)?user_data$|^(?:admin_?pass|adminPass|password|passwd|secret|private_key|auth_password|auth_token|token|connection_info|key_data|personality)$/i;

/** Of a server's system metadata: its password in parts, encrypted for whoever made the server. */
const secretKey = /^password_\d+$/;

/** Whether a row is a name and its value, and the name that of a secret. */
export const isSecretRow = ({ key }: Readonly<Record<string, unknown>>): boolean =>
  typeof key === 'string' && (secretName.test(key) || secretKey.test(key));

/** A copy without members of secret names, at any depth. Without recursion: the value comes from a stranger. */
export function withoutSecrets(root: unknown): unknown {
  const copyOf = (value: unknown): unknown => {
    if (Array.isArray(value)) return [];
    return typeof value === 'object' && value !== null ? {} : value;
  };
  const top = copyOf(root);
  const left: { readonly from: unknown; readonly to: unknown }[] = [{ from: root, to: top }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { from, to } = next;
    if (typeof from !== 'object' || from === null || typeof to !== 'object' || to === null) continue;
    for (const [name, value] of Object.entries(from)) {
      if (!Array.isArray(from) && secretName.test(name)) continue;
      const copy = copyOf(value);
      Object.defineProperty(to, name, { value: copy, enumerable: true, writable: true, configurable: true });
      if (typeof value === 'object' && value !== null) left.push({ from: value, to: copy });
    }
  }
  return top;
}
