/** The flavor as it is embedded in a server; the current flavor of that name may differ. */
export interface Flavor {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly rootGiB: number;
  readonly ephemeralGiB: number;
  readonly swapMiB: number;
  readonly extraSpecs: Readonly<Record<string, string>>;
}
