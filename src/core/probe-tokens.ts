// Who finds out about whom: one token per target, so that of several processes one asks a provider that may be down (decision 18). Pure.

/** The tokens that are out. */
export class ProbeTokens<Subject extends { readonly target: string }> {
  readonly #held = new Map<string, { readonly holder: number; readonly subject: Subject }>();

  /** True when it was free, or is held by the same process: that one knows itself what it does. */
  take(subject: Subject, holder: number): boolean {
    const held = this.#held.get(subject.target);
    if (held !== undefined && held.holder !== holder) return false;
    this.#held.set(subject.target, { holder, subject });
    return true;
  }

  /** False for somebody who does not hold it. */
  free({ target }: Subject, holder: number): boolean {
    return this.#held.get(target)?.holder === holder && this.#held.delete(target);
  }

  /** Takes back whatever a process held; it is gone. */
  takeBack(holder: number): Subject[] {
    const back = this.all().filter((each) => each.holder === holder);
    for (const { subject } of back) this.#held.delete(subject.target);
    return back.map(({ subject }) => subject);
  }

  /** All that are out. */
  all(): { readonly holder: number; readonly subject: Subject }[] {
    return [...this.#held.values()];
  }
}
