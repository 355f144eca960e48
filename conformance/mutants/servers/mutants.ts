import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { Mutant } from "../mutant.ts";
import { deliveryMutants } from "./delivery-mutants.ts";
import { fidelityMutants } from "./fidelity-mutants.ts";
import { framingMutants } from "./framing-mutants.ts";
import { headMutants } from "./head-mutants.ts";
import { resumeMutants } from "./resume-mutants.ts";

/** Servers that are wrong in exactly one way. */
export const serverMutants: readonly Mutant<ServerSubject>[] = [
  ...headMutants,
  ...framingMutants,
  ...fidelityMutants,
  ...deliveryMutants,
  ...resumeMutants,
];
