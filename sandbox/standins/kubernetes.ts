/**
 * Stand-in for the kubernetes provider: the kinds of Kubernetes itself, custom resources and `helm.v4.Chart`, over a
 * real API server or, offline, over none. Everything else is refused.
 */

import type { CheckFailure } from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { constructChart } from "./kubernetes/chart.ts";
import { EngineLog } from "./kubernetes/engine-log.ts";
import { Provider } from "./kubernetes/provider.ts";
import { providerChanges, readSettings, strictModeFailures } from "./kubernetes/settings.ts";
import { unary } from "./plugin-server.ts";
import { configured, fromProperties, serveProvider, toProperties } from "./provider-server.ts";
import { plainObject } from "./values.ts";

const log = new EngineLog(process.argv.at(-1) ?? "");
let provider = new Provider(readSettings(new Map(), process.env), log);

function failures(found: [string, string][]): CheckFailure[] {
  return found.map(([property, reason]) => {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

await serveProvider("kubernetes", "4.32.0", {
  checkConfig: unary((request) => {
    const news = plainObject(fromProperties(request.getNews()));
    const response = new messages.CheckResponse();
    response.setInputs(request.getNews());
    response.setFailuresList(failures(strictModeFailures(news, request.getName(), process.env.PULUMI_CONFIG)));
    return response;
  }),
  diffConfig: unary((request) => {
    const old = plainObject(fromProperties(request.getOldInputs() ?? request.getOlds()));
    const { diffs, replaces } = providerChanges(old, plainObject(fromProperties(request.getNews())));
    const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    const response = new messages.DiffResponse();
    response.setChanges(diffs.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(diffs);
    response.setReplacesList(replaces);
    return response;
  }),
  configure: unary((request) => {
    provider = new Provider(readSettings(new Map(request.getVariablesMap().getEntryList()), process.env), log);
    return configured();
  }),
  check: unary(async (request) => {
    const response = new messages.CheckResponse();
    const { inputs, refused } = await provider.check(request.getUrn(), fromProperties(request.getNews()));
    response.setInputs(toProperties(inputs));
    response.setFailuresList(failures(refused));
    return response;
  }),
  diff: unary(async (request) => {
    const { found, deleteBeforeReplace } = await provider.diff(
      fromProperties(request.getOlds()),
      fromProperties(request.getNews()),
      request.getIgnorechangesList(),
    );
    const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    const { Kind } = messages.PropertyDiff;
    const kinds = { add: Kind.ADD, delete: Kind.DELETE, update: Kind.UPDATE };
    const replacing = { add: Kind.ADD_REPLACE, delete: Kind.DELETE_REPLACE, update: Kind.UPDATE_REPLACE };
    const response = new messages.DiffResponse();
    response.setChanges(found.size > 0 ? DIFF_SOME : DIFF_NONE);
    response.setReplacesList([...found].filter(([, change]) => change.replaces).map(([path]) => path));
    response.setDeletebeforereplace(deleteBeforeReplace);
    response.setHasdetaileddiff(true);
    for (const [path, { kind, replaces }] of found) {
      const detail = new messages.PropertyDiff();
      detail.setKind((replaces ? replacing : kinds)[kind]);
      detail.setInputdiff(kind === "delete");
      response.getDetaileddiffMap().set(path, detail);
    }
    return response;
  }),
  create: unary(async (request) => {
    const properties = fromProperties(request.getProperties());
    const { id, state } = await provider.create(
      request.getUrn(),
      properties,
      request.getTimeout(),
      request.getPreview(),
    );
    const response = new messages.CreateResponse();
    response.setId(id);
    response.setProperties(toProperties(state));
    return response;
  }),
  read: unary(async (request) => {
    const response = new messages.ReadResponse();
    const old = { state: fromProperties(request.getProperties()), inputs: fromProperties(request.getInputs()) };
    const found = await provider.read(request.getUrn(), request.getId(), old);
    if (!found) return response;
    response.setId(request.getId());
    response.setProperties(toProperties(found.state));
    response.setInputs(toProperties(found.inputs));
    return response;
  }),
  update: unary(async (request) => {
    const response = new messages.UpdateResponse();
    const state = await provider.update(
      request.getUrn(),
      fromProperties(request.getOlds()),
      fromProperties(request.getNews()),
      {
        seconds: request.getTimeout(),
        ignoreChanges: request.getIgnorechangesList(),
        preview: request.getPreview(),
      },
    );
    response.setProperties(toProperties(state));
    return response;
  }),
  delete: unary(async (request) => {
    await provider.delete(fromProperties(request.getProperties()), request.getTimeout());
    return new empty.Empty();
  }),
  construct: unary((request) => constructChart(request, provider, log)),
  invoke: unary((request) => {
    throw new Error(
      `The stand-in for the kubernetes provider has no function ${request.getTok()}. Install the official plugin.`,
    );
  }),
  cancel: unary(() => {
    provider.cancel();
    return new empty.Empty();
  }),
});
