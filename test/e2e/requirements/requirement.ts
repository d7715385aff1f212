/** One promise and where it was made. */
export interface Requirement {
  readonly source: string;
  readonly says: string;
}
