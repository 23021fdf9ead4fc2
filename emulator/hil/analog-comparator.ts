// Comparators of two voltages as capsules see them (kernel/src/hil/analog_comparator.rs).

export interface ComparatorClient {
  /** The positive input of comparator number `comparator` has risen above the negative one. */
  fired(comparator: number): void;
}

export interface AnalogComparator {
  setComparatorClient(client: ComparatorClient): void;
  /** Whether the positive input is above the negative one. */
  comparison(): boolean;
  startComparing(): void;
  stopComparing(): void;
}
