// State is data: what a part must save so that a machine can be snapshot, replayed and compared.

/** A part whose whole state is plain, structured-cloneable data. `load(save())` changes nothing. */
export interface Stateful<S> {
  save(): S;
  load(state: S): void;
}
