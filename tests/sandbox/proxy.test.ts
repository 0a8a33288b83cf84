import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { credentials, Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { sandboxEnvironment } from "../../sandbox/environment.ts";
import { sandboxPaths } from "../../sandbox/paths.ts";
import { fetchThroughProxy, pastProxies } from "../../sandbox/proxy.ts";
import { channelOptions } from "../../sandbox/standins/plugin-server.ts";

describe("a proxy of the user's", () => {
  const names = ["http_proxy", "https_proxy", "no_proxy", "NO_PROXY", "no_grpc_proxy"];
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  let proxy: Server;
  let asked: string[];

  beforeEach(async () => {
    for (const name of names) delete process.env[name];
    asked = [];
    proxy = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end("by the proxy");
    });
    proxy.on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    process.env.http_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    for (const name of names) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    proxy.closeAllConnections();
    proxy.close();
  });

  it("is left out for this machine, beside what the user leaves out", () => {
    const loopback = "127.0.0.1,localhost,::1";
    assert.deepEqual(pastProxies({}), { no_proxy: loopback, NO_PROXY: loopback, no_grpc_proxy: loopback });
    const own = `harbour.example,${loopback}`;
    assert.deepEqual(pastProxies({ NO_PROXY: "harbour.example" }), {
      no_proxy: own,
      NO_PROXY: own,
      no_grpc_proxy: loopback,
    });
    assert.equal(pastProxies({ no_proxy: "*" }).no_proxy, "*");
    const { no_proxy } = sandboxEnvironment("/checkout", sandboxPaths("/home"), { http_proxy: "http://proxy.example" });
    assert.equal(no_proxy, loopback);
  });

  it("is asked for a download, and not for a mirror on this machine", async () => {
    await fetchThroughProxy("http://files.example/sailor").catch(() => undefined);
    assert.equal(asked.length, 1);
    assert.match(asked[0] ?? "", /files\.example/);
    await fetchThroughProxy(process.env.http_proxy ?? "");
    assert.equal(asked[1], "/");
    await assert.rejects(fetch("http://files.invalid/sailor"));
    assert.equal(asked.length, 2, "and for nothing else of this process");
  });

  describe("does not come between", () => {
    let server: GrpcServer;
    let address: string;
    beforeEach(async () => {
      server = new GrpcServer();
      server.addService(services.EngineService, {
        log: (_call: unknown, answer: (error: null, response: empty.Empty) => void) => answer(null, new empty.Empty()),
      });
      const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
          error ? reject(error) : resolve(bound),
        ),
      );
      address = `127.0.0.1:${port}`;
    });
    afterEach(() => server.forceShutdown());

    const log = (options: Record<string, number>) =>
      new Promise<void>((resolve, reject) => {
        const client = new services.EngineClient(address, credentials.createInsecure(), options);
        client.log(new messages.LogRequest(), (error) => {
          client.close();
          if (error) reject(error);
          else resolve();
        });
      });

    it("the engine and the stand-ins", async () => {
      await log(channelOptions);
      assert.deepEqual(asked, []);
    });

    it("the engine and the SDK of a program, which runs in the sandbox's environment", async () => {
      Object.assign(process.env, pastProxies(process.env));
      await log({});
    });
  });
});
