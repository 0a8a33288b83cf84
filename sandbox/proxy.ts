import http from "node:http";

/** Names of this machine, whose servers no proxy can reach. */
const loopback = "127.0.0.1,localhost,::1";

/**
 * The environment with this machine's own servers excepted from a proxy. Go excepts them by itself; Node.js and its gRPC library,
 * by which program, policy pack and engine speak with each other, do not.
 */
export function pastProxies(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const excepted = (...previous: (string | undefined)[]) => {
    const known = previous.find(Boolean);
    return known === "*" ? known : [known, loopback].filter(Boolean).join(",");
  };
  return {
    ...env,
    no_proxy: excepted(env.no_proxy, env.NO_PROXY),
    NO_PROXY: excepted(env.NO_PROXY, env.no_proxy),
    // The gRPC library's own, which wins over no_proxy: it knows no "*".
    no_grpc_proxy: [env.no_grpc_proxy, loopback].filter(Boolean).join(","),
  };
}

/** `fetch` through the proxy that `https_proxy` or `http_proxy` name. Node.js before 24.14 cannot, and asks the site itself. */
export async function fetchThroughProxy(...request: Parameters<typeof fetch>): Promise<Response> {
  const restore = http.setGlobalProxyFromEnv?.(pastProxies(process.env));
  try {
    return await fetch(...request);
  } finally {
    restore?.();
  }
}
