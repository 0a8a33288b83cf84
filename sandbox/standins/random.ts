/**
 * Stand-in for the random provider: what a platform on Kubernetes draws, with the inputs, defaults and outputs of the
 * official plugin. Everything else is refused.
 */
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { unary } from "./plugin-server.ts";
import { fromProperties, serveProvider, toProperties } from "./provider-server.ts";
import { draw, drawnTypes, inputErrors, placeholder, preview } from "./random-values.ts";
import { type JsonObject, plainObject, sameJson } from "./values.ts";

function typeOf(urn: string): string {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  if (!drawnTypes.includes(type)) {
    throw new Error(
      `The stand-in for the random provider has no ${type || urn}. It has: ${drawnTypes.join(", ")}. ` +
        "Install the official plugin (pulumi plugin install resource random) for the rest.",
    );
  }
  return type;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The inputs whose change means a new value, that is, all of them. */
function changed(old: JsonObject, next: JsonObject): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(next)])]
    .filter((key) => !sameJson(old[key], next[key]))
    .sort();
}

await serveProvider("random", "4.21.1", {
  check: unary((request) => {
    const type = typeOf(request.getUrn());
    const news = fromProperties(request.getNews());
    const response = new messages.CheckResponse();
    response.setInputs(toProperties(news));
    response.setFailuresList(
      inputErrors(type, plainObject(news)).map(([property, reason]) => {
        const failure = new messages.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        return failure;
      }),
    );
    return response;
  }),
  diff: unary((request) => {
    const keys = changed(
      plainObject(fromProperties(request.getOldInputs())),
      plainObject(fromProperties(request.getNews())),
    );
    const response = new messages.DiffResponse();
    const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    response.setChanges(keys.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setReplacesList(keys);
    response.setDiffsList(keys);
    return response;
  }),
  create: unary((request) => {
    const urn = request.getUrn();
    const inputs = plainObject(fromProperties(request.getProperties()));
    const offline = process.env.KEELSON_OFFLINE !== undefined;
    const response = new messages.CreateResponse();
    const drawn = offline
      ? placeholder(typeOf(urn), inputs, nameOf(urn))
      : request.getPreview()
        ? preview(typeOf(urn), inputs)
        : draw(typeOf(urn), inputs);
    if (!request.getPreview()) response.setId(drawn.id);
    response.setProperties(toProperties(drawn.outputs));
    return response;
  }),
  read: unary((request) => {
    if (!request.getProperties()) {
      throw new Error("The stand-in for the random provider cannot import: use the official plugin.");
    }
    const response = new messages.ReadResponse();
    response.setId(request.getId());
    response.setProperties(request.getProperties());
    response.setInputs(request.getInputs());
    return response;
  }),
  delete: unary(() => new empty.Empty()),
});
