/** Stand-in for the random provider. */
import { serveProvider } from "./provider-server.ts";
import { randomPassword } from "./random-password.ts";

await serveProvider(randomPassword);
