/** How many connections a node takes. Those above are told to come back later; none is ever put out for another. */
export interface ConnectionLimits {
  /** All of this node. Default: no limit. */
  total?: number;
  /** Of one `user`. Default: no limit. */
  perUser?: number;
  /** Of one `address`. Default: no limit. */
  perAddress?: number;
}

/** Who asks to come in. */
export interface Applicant {
  readonly user?: string | undefined;
  readonly address?: string | undefined;
}

/**
 * Counts who is in, and refuses who would be too many. It never puts one out: the evicted would come back at once, and
 * evict another (RULES B44, B45).
 */
export class Admission {
  readonly #limits: Required<ConnectionLimits>;
  readonly #users = new Map<string, number>();
  readonly #addresses = new Map<string, number>();
  #total = 0;
  #isOver = false;

  constructor(limits: ConnectionLimits = {}) {
    const none = Number.POSITIVE_INFINITY;
    this.#limits = { total: none, perUser: none, perAddress: none, ...limits };
    for (const [name, limit] of Object.entries(this.#limits)) {
      if (!(limit >= 0)) throw new RangeError(`Cannot create a hub with the limit ${name} ${limit}: give 0 or more`);
    }
  }

  /** Whether nobody is taken in any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes nobody in any more. */
  end(): void {
    this.#isOver = true;
  }

  /** Takes one in; `false` when it would be too many. */
  admit(applicant: Applicant): boolean {
    const { user, address } = applicant;
    const { total, perUser, perAddress } = this.#limits;
    if (this.#isOver || this.#total >= total) return false;
    if (user !== undefined && (this.#users.get(user) ?? 0) >= perUser) return false;
    if (address !== undefined && (this.#addresses.get(address) ?? 0) >= perAddress) return false;
    this.#add(applicant, 1);
    return true;
  }

  /** Lets one out that was taken in. */
  leave(applicant: Applicant): void {
    this.#add(applicant, -1);
  }

  #add({ user, address }: Applicant, change: number): void {
    this.#total += change;
    if (user !== undefined) addTo(this.#users, user, change);
    if (address !== undefined) addTo(this.#addresses, address, change);
  }
}

function addTo(counts: Map<string, number>, name: string, change: number): void {
  const count = (counts.get(name) ?? 0) + change;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}
