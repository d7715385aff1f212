/** A JSON object as a peer sent it: untouched and untrusted. */
export type JsonObject = Readonly<Record<string, unknown>>;
