/** Whose a mount's items are, in the registry and in messages. */
export function mountOrigin(name: string): string {
  return `mount ${name}`;
}

/** Where a listed tool says which server it comes from and what it is called there. */
export const originMetaKey = "parley/mount";
