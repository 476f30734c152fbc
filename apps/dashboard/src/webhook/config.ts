import { isLoopback, readSecretVariable, StartupError } from '@hermes/service-kit';

/** The receiver of webhooks, and the secret that signs them. */
export interface WebhookConfig {
  readonly url: string;
  readonly secret: string;
}

const URL_VARIABLE = 'HERMES_DASHBOARD_WEBHOOK_URL';
const SECRET_VARIABLE = 'HERMES_DASHBOARD_WEBHOOK_SECRET';

/** 24 to 64 bytes in base64, as the Standard Webhooks specification has it. */
const SECRET = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;

/** `undefined` without a receiver. @throws StartupError that shows neither URL nor secret. */
export function readWebhookConfig(
  environment: Readonly<Record<string, string | undefined>>,
): WebhookConfig | undefined {
  const url = readSecretVariable(environment, URL_VARIABLE);
  const secret = readSecretVariable(environment, SECRET_VARIABLE);
  if (url === undefined && secret === undefined) return undefined;
  if (url === undefined || !isWebhookUrl(url)) {
    throw new StartupError(
      `${URL_VARIABLE}: expected an https URL without user and password, or an http one on this machine`,
    );
  }
  if (secret === undefined || !SECRET.test(secret)) {
    throw new StartupError(
      `${SECRET_VARIABLE}: expected whsec_ and 24 to 64 bytes in base64, such as whsec_$(openssl rand -base64 32)`,
    );
  }
  return { url, secret };
}

function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
