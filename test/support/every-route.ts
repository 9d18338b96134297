import { routes } from '../../src/api/routes.ts';
import type { Route } from '../../src/api/route.ts';

/** A path of the route with every parameter filled in, by its name; what is not given gets an id that nobody has. */
export function pathOf(route: Route, params: Readonly<Record<string, string>> = {}): string {
  return route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? 'nobody');
}

/** One row a route, for `test.each`. */
export const everyRoute: [string, Route][] = routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route]);
