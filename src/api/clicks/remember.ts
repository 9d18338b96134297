/**
 * The same function of one text, which remembers what it found for up to `most` of them; the oldest goes first. For what is
 * worked out from the text alone and asked for again and again.
 */
export function remember<T>(most: number, workOut: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = workOut(text);
    if (known.size >= most) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    known.set(text, made);
    return made;
  };
}
