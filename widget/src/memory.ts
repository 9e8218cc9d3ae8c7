/** What outlives a reload: the session, and whether the panel was open. Per tab, and only if browser and page let us. */

import type { Session } from "./client.ts";

export interface Kept {
  session?: Session | null;
  open?: boolean;
}

export function recall(key: string): Kept {
  try {
    return (JSON.parse(sessionStorage.getItem(key) ?? "{}") as Kept | null) ?? {};
  } catch {
    return {};
  }
}

/** Without a key nothing is kept: the conversation then lives until the next reload. */
export function keep(key: string, changed: Kept): void {
  try {
    if (key) sessionStorage.setItem(key, JSON.stringify({ ...recall(key), ...changed }));
  } catch {
    // Storage is forbidden or full.
  }
}
