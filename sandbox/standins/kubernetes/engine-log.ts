import { credentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

/** What the user sees beside a resource while the engine works. */
export class EngineLog {
  readonly #client;

  /** @param address of the engine; without one, nothing is shown */
  constructor(address: string) {
    this.#client = /:\d+$/.test(address) ? new services.EngineClient(address, credentials.createInsecure()) : undefined;
  }

  /** A warning that stays. */
  warn(urn: string, message: string): void {
    this.#send(urn, message, messages.LogSeverity.WARNING, false);
  }

  /** What is waited for; the next one, or an empty one, takes its place. */
  status(urn: string, message: string): void {
    this.#send(urn, message, messages.LogSeverity.INFO, true);
  }

  #send(urn: string, message: string, severity: 0 | 1 | 2 | 3, ephemeral: boolean): void {
    const request = new messages.LogRequest();
    request.setUrn(urn);
    request.setMessage(message);
    request.setSeverity(severity);
    request.setEphemeral(ephemeral);
    this.#client?.log(request, () => {});
  }
}
