/** What may be granted, as the rules see it; `Permission` of the platform is one. */
export interface Right {
  key: string;
  label: string;
  roles: readonly string[];
  /** Only an owner may grant these, and whoever holds one signs in with a second step. */
  guarded?: 'money' | 'health' | 'pay' | 'personal files' | 'exports' | 'accounts';
}
