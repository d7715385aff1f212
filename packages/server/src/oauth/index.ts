/** Takes access tokens of an OAuth authorization server; apart, since its cryptography takes a while to load. */

export { oauthResource } from "./oauth-resource.ts";
export type { OAuthResource, OAuthResourceOptions } from "./oauth-resource.ts";
export type { ReadJson } from "./read-json.ts";
