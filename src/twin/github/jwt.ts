import { verify } from 'node:crypto';
import { fieldsOf, parseJson } from './json.ts';
import { Refusal } from './refusal.ts';
import type { SeedApp } from './seed.ts';

const LONGEST_SECONDS = 600;
/** GitHub allows clocks to be a minute apart. */
const DRIFT_SECONDS = 60;

/** The App that signed this JSON web token. The messages are GitHub's: @octokit/auth-app corrects its clock by them. */
export function appOfJwt(jwt: string, apps: readonly SeedApp[], time: Date): SeedApp {
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  const undecodable = new Refusal(401, 'A JSON web token could not be decoded');
  if (fieldsOf(parseJson(text(head))).alg !== 'RS256') throw undecodable;
  const claims = fieldsOf(parseJson(text(payload)));
  const app = apps.find((one) => String(one.id) === String(claims.iss));
  if (app === undefined) throw new Refusal(401, "'Issuer' claim ('iss') must be an Integer");
  if (!signed(`${head}.${payload}`, signature, app.publicKey)) throw undecodable;
  checkTimes(claims.iat, claims.exp, Math.floor(time.getTime() / 1000));
  return app;
}

function checkTimes(iat: unknown, exp: unknown, now: number): void {
  if (typeof iat !== 'number' || iat > now + DRIFT_SECONDS)
    throw new Refusal(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  if (typeof exp !== 'number' || exp <= now) {
    const why =
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
    throw new Refusal(401, why);
  }
  if (exp > now + LONGEST_SECONDS) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
}

function signed(content: string, signature: string, key: string): boolean {
  try {
    return verify('RSA-SHA256', Buffer.from(content), key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

function text(part: string): string {
  return Buffer.from(part, 'base64url').toString();
}
