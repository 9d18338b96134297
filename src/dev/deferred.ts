export type Deferred<T> = { readonly promise: Promise<T>; resolve(value: T): void; reject(error: Error): void };

/** A promise settled from outside (`Promise.withResolvers`, which Node 20 does not have). Only the first call counts. */
export function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, resolve: (value) => settle?.resolve(value), reject: (error) => settle?.reject(error) };
}
