/**
 * Tells kubectl and Pulumi's provider the token of this job of CI (client.authentication.k8s.io): GitHub's, asked for each time;
 * else GitLab's, from KUBE_ID_TOKEN. `npm run kubeconfig` names it in the kubeconfig that it writes.
 */
const [audience = "kubernetes"] = process.argv.slice(2);

async function token(): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer, KUBE_ID_TOKEN } = process.env;
  if (!url || !bearer) {
    if (KUBE_ID_TOKEN) return KUBE_ID_TOKEN;
    throw new Error("this job has no identity: give it id-token: write (GitHub) or id_tokens: KUBE_ID_TOKEN (GitLab)");
  }
  const address = new URL(url);
  address.searchParams.set("audience", audience);
  for (let tried = 1; ; tried += 1) {
    const answer = await fetch(address, {
      headers: { authorization: `Bearer ${bearer}` },
      signal: AbortSignal.timeout(10_000),
    }).catch((error: Error) => error);
    if (answer instanceof Response && answer.ok) return ((await answer.json()) as { value: string }).value;
    const reason = answer instanceof Response ? `status ${answer.status}` : answer.message;
    if (tried === 3) throw new Error(`GitHub gave this job no token: ${reason}`);
  }
}

/** When a JSON web token expires, as its own claim says. */
function expiry(jwt: string): string | undefined {
  try {
    const { exp } = JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()) as { exp?: number };
    return exp === undefined ? undefined : new Date(exp * 1000).toISOString();
  } catch {
    return undefined;
  }
}

try {
  const value = await token();
  const expirationTimestamp = expiry(value);
  const status = { token: value, ...(expirationTimestamp ? { expirationTimestamp } : {}) };
  console.log(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status }));
} catch (error) {
  console.error(`kube-token: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
