/** Child → one name for its family: children who share a guardian, directly or through a brother or sister, have the same. */
export function familiesOf(children: readonly { id: string; guardianIds: readonly string[] }[]): Map<string, string> {
  const leads = new Map<string, string>();
  const leadOf = (id: string): string => {
    let at = id;
    while (leads.get(at) !== at) at = leads.get(at)!;
    leads.set(id, at);
    return at;
  };
  const byGuardian = new Map<string, string>();
  for (const { id } of children) leads.set(id, id);
  for (const { id, guardianIds } of children) {
    for (const guardianId of guardianIds) {
      const other = byGuardian.get(guardianId);
      byGuardian.set(guardianId, id);
      if (!other) continue;
      const [first, second] = [leadOf(other), leadOf(id)].sort();
      leads.set(second!, first!);
    }
  }
  return new Map(children.map(({ id }) => [id, leadOf(id)]));
}
