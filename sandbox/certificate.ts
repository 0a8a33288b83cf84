import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";

/** Whether a certificate is readable, belongs to its key and is valid for so many days yet. */
export async function isValid(certificate: string, key: string, days: number): Promise<boolean> {
  try {
    const read = new X509Certificate(await readFile(certificate));
    const end = Date.now() + days * 86_400_000;
    return read.checkPrivateKey(createPrivateKey(await readFile(key))) && Date.parse(read.validTo) > end;
  } catch {
    return false;
  }
}
