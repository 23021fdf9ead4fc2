// A sensor that measures when the test says so.
import type {
  ProximitySensor,
  SensorClient,
  SensorFailure,
} from "../../../../emulator/hil/sensors.js";

export class ManualSensor implements ProximitySensor {
  client: SensorClient | undefined;
  /** What the next requests get. */
  refusal: SensorFailure | undefined;
  /** Requests granted: `read 0`, `window 10 20`. */
  readonly requests: string[] = [];

  setSensorClient(client: SensorClient): void {
    this.client = client;
  }

  read(argument = 0): SensorFailure | undefined {
    return this.#take(`read ${argument}`);
  }

  readOnInterrupt(lower: number, upper: number): SensorFailure | undefined {
    return this.#take(`window ${lower} ${upper}`);
  }

  measured(...values: number[]): void {
    this.client?.sensorRead(undefined, ...values);
  }

  failed(failure: SensorFailure): void {
    this.client?.sensorRead(failure);
  }

  #take(request: string): SensorFailure | undefined {
    if (this.refusal === undefined) this.requests.push(request);
    return this.refusal;
  }
}
