/** Lets `count` callers go on when all have come; whoever comes later goes on at once. */
export function arrive(count: number): () => Promise<void> {
  let come = 0;
  let open: () => void = () => {};
  const all = new Promise<void>((resolve) => { open = resolve; });
  return () => {
    come += 1;
    if (come >= count) open();
    return all;
  };
}
