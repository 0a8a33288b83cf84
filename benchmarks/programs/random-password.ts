import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** The smallest program that does something: one generated name, without any cluster. */
const suffix = new random.RandomPassword("suffix", { length: 8, special: false });

export const name: pulumi.Output<string> = pulumi.interpolate`app-${suffix.result}`;
