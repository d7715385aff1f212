/**
 * What runs at the moment, thousands of things a second passing through. A `Map` or `Set` that is told of each keeps the
 * memory of nearly all of them busy long after they were deleted: the table it outgrows refers to the next one, so that once
 * one such table is old, everything that ever stood in a later one counts as reachable until the next full collection
 * (`bench/in-flight.ts`). Neither class here leaves such a trail.
 */
export class InFlight<Member> {
  #first: Place<Member> | undefined;
  #last: Place<Member> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The one that came last. */
  get last(): Member | undefined {
    return this.#last?.member;
  }

  /** @returns what takes it out again, once */
  add(member: Member): () => void {
    const place = new Place(member, this.#last);
    if (this.#last === undefined) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
    this.#size += 1;
    return () => this.#remove(place);
  }

  /** Those of this moment, in the order they came. */
  members(): Member[] {
    const all: Member[] = [];
    for (let place = this.#first; place !== undefined; place = place.after) all.push(place.member);
    return all;
  }

  #remove(place: Place<Member>): void {
    if (place.isOut) return;
    place.isOut = true;
    const { before, after } = place;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    // One that is old already would keep its neighbours.
    place.before = undefined;
    place.after = undefined;
    this.#size -= 1;
  }
}

/** Of a class: V8 may take an object literal for one that always survives, and make it old from the start. */
class Place<Member> {
  readonly member: Member;
  before: Place<Member> | undefined;
  after: Place<Member> | undefined;
  isOut = false;

  constructor(member: Member, before: Place<Member> | undefined) {
    this.member = member;
    this.before = before;
    this.after = undefined;
  }
}

/** The same by an id; numbers and texts are told apart, as JSON-RPC does. */
export class InFlightById<Value> {
  // Objects without a prototype: deleting from one leaves nothing behind, and no id means anything else to it.
  readonly #numbered: Record<number, Value> = Object.create(null) as Record<number, Value>;
  readonly #named: Record<string, Value> = Object.create(null) as Record<string, Value>;

  get(id: string | number): Value | undefined {
    return typeof id === "number" ? this.#numbered[id] : this.#named[id];
  }

  set(id: string | number, value: Value): void {
    if (typeof id === "number") this.#numbered[id] = value;
    else this.#named[id] = value;
  }

  /** @returns whether it was there */
  delete(id: string | number): boolean {
    const side: Record<string | number, Value> = typeof id === "number" ? this.#numbered : this.#named;
    if (!(id in side)) return false;
    // A map would keep what is deleted from it: see above.
    // oxlint-disable-next-line typescript/no-dynamic-delete
    delete side[id];
    return true;
  }

  values(): Value[] {
    return [...Object.values(this.#numbered), ...Object.values(this.#named)];
  }
}
