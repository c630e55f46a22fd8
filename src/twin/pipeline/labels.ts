type Labels = Readonly<Record<string, string>>;

const made = new WeakMap<object, Map<string, Labels>>();

/** The same label object at every scrape: whoever stores the samples can recognise a series by it. */
export function labelsFor(owner: object, name: string, make: () => Labels): Labels {
  const known = made.get(owner) ?? new Map<string, Labels>();
  if (known.size === 0) made.set(owner, known);
  const labels = known.get(name) ?? make();
  known.set(name, labels);
  return labels;
}
